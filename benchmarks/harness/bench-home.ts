import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { mainJobResult, type MainJobResult } from '#contract/main-job.ts';
import { cacheFolder, commandLineEntry } from './places.ts';
import { runToSuccess } from './run-process.ts';

/** Nothing listens on the discard port: the main job then leaves Ollama out. */
export const noOllama = 'http://127.0.0.1:9';
const makeTimeoutMs = 30 * 60_000;

export interface BenchHome {
  readonly home: string;
  readonly model: MainJobResult;
}

/**
 * A home in which the main job succeeded, kept in the cache: the benchmarks that need a tuned, served model use it. Made by the command
 * line (some minutes the first time; later the same command reuses everything). FORGE_BENCH_HOME names another one.
 */
export async function benchHome(say: (line: string) => void): Promise<BenchHome> {
  const home = process.env['FORGE_BENCH_HOME'] ?? path.join(cacheFolder, 'benchmarks', 'home');
  await mkdir(home, { recursive: true });
  say(`the main job in ${home} (reused when it is there)`);
  const { stdout } = await runToSuccess(
    process.execPath,
    [commandLineEntry, 'quickstart', '--once', '--json', '--home', home],
    { environment: { FORGE_SERVER_PORT: '0', OLLAMA_HOST: noOllama }, timeoutMs: makeTimeoutMs, onErrorLine: say },
  );
  return { home, model: mainJobResult.parse(JSON.parse(stdout)) };
}
