import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { noOllama } from '../harness/bench-home.ts';
import { startEngine } from '../harness/engine-under-test.ts';
import { buildWindow } from './built-window.ts';

const engineFile = z.object({ port: z.number().int(), token: z.string() });

/** Runs `work` with the address of a window whose engine runs in a new home; it carries the token, as the one `forge ui` prints. */
export async function withPageEngine<T>(work: (url: string) => Promise<T>): Promise<T> {
  await buildWindow();
  const home = await mkdtemp(path.join(tmpdir(), 'forge-bench-window-'));
  try {
    const engine = await startEngine(home, {
      FORGE_SERVER_PORT: '0',
      FORGE_NETWORK_OFFLINE: 'true',
      OLLAMA_HOST: noOllama,
    });
    try {
      const { port, token } = engineFile.parse(JSON.parse(await readFile(path.join(home, 'engine.json'), 'utf8')));
      return await work(`http://127.0.0.1:${port}/?token=${token}`);
    } finally {
      await engine.stop();
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
