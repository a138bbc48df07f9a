import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotMeasurable } from './benchmark.ts';
import { inRepository } from './places.ts';
import { runProcess } from './run-process.ts';

export interface OllamaServer {
  readonly host: string;
  readonly version: string;
  /** Ends it and removes its folders. */
  stop(): Promise<void>;
}

const buildTimeoutMs = 15 * 60_000;
const startMs = 20_000;

/** The real Ollama that the tests build from its Go module, in folders of its own. Throws `NotMeasurable` where it can not be built. */
export async function startOllama(): Promise<OllamaServer> {
  const script = inRepository('scripts', 'build-ollama-for-tests.mjs');
  const built = await runProcess(process.execPath, [script], { timeoutMs: buildTimeoutMs });
  if (built.code === 3) throw new NotMeasurable(built.stderr.trim());
  if (built.code !== 0) throw new Error(`Ollama was not built:\n${built.stderr.slice(-2_000)}`);
  const home = await mkdtemp(path.join(tmpdir(), 'forge-bench-ollama-'));
  const host = `127.0.0.1:${await freePort()}`;
  const child = spawn(built.stdout.trim(), ['serve'], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      OLLAMA_HOST: host,
      OLLAMA_MODELS: path.join(home, 'models'),
      OLLAMA_NUM_PARALLEL: '1',
      // Loading again between two questions would be no decoding.
      OLLAMA_KEEP_ALIVE: '60m',
    },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  // A server built from the module calls itself 0.0.0; the folder it was built into has the real version.
  const version = path.basename(path.dirname(built.stdout.trim())).replace('ollama-', '');
  if (await answers(host)) return { host, version, stop };
  await stop();
  throw new Error(`The Ollama that was built does not answer at ${host}.`);
}

async function answers(host: string): Promise<boolean> {
  for (const began = performance.now(); performance.now() - began < startMs; await sleep(50)) {
    // Refused until it listens.
    const response = await fetch(`http://${host}/api/version`).catch(() => null);
    if (response?.ok) return true;
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
