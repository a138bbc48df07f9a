import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { modelVersion, type ModelVersion } from '#contract/models.ts';
import { cacheFolder, commandLineEntry } from './places.ts';
import { runToSuccess } from './run-process.ts';

/** Nothing listens on the discard port: the main job then leaves Ollama out. */
export const noOllama = 'http://127.0.0.1:9';
const makeTimeoutMs = 30 * 60_000;

export interface BenchHome {
  readonly home: string;
  /** The newest version that can be served. */
  readonly model: ModelVersion;
}

/**
 * A home in which the main job succeeded, kept in the cache: the benchmarks that need a tuned, served model use it. Made by `forge quickstart`
 * where there is none yet (some minutes). FORGE_BENCH_HOME names another one.
 */
export async function benchHome(say: (line: string) => void): Promise<BenchHome> {
  const home = process.env['FORGE_BENCH_HOME'] ?? path.join(cacheFolder, 'benchmarks', 'home');
  await mkdir(home, { recursive: true });
  const there = await newestReady(home);
  if (there !== null) return { home, model: there };
  say(`making a model to serve in ${home}, once`);
  await forge(home, ['quickstart', '--once', '--json'], say);
  const made = await newestReady(home);
  if (made === null) throw new Error(`the main job in ${home} left no model that can be served`);
  return { home, model: made };
}

async function newestReady(home: string): Promise<ModelVersion | null> {
  const models = z.array(modelVersion).parse(JSON.parse(await forge(home, ['models', 'list', '--json'])));
  const ready = models.filter(({ state, ggufPath }) => state === 'ready' && ggufPath !== null);
  return ready.toSorted((one, other) => other.createdAt - one.createdAt)[0] ?? null;
}

async function forge(home: string, args: readonly string[], onErrorLine?: (line: string) => void): Promise<string> {
  const { stdout } = await runToSuccess(process.execPath, [commandLineEntry, ...args, '--home', home], {
    environment: { FORGE_SERVER_PORT: '0', OLLAMA_HOST: noOllama },
    timeoutMs: makeTimeoutMs,
    ...(onErrorLine === undefined ? {} : { onErrorLine }),
  });
  return stdout;
}
