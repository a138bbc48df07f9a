import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createForgeClient, greetEngine, type ForgeClient } from '#contract/client.ts';
import type { ForgeConnection } from '#contract/resumable.ts';
import { createWebSocketLink } from '#contract/wire-link.ts';
import { engineEntry, inRepository } from './places.ts';

const engineFile = z.object({ pid: z.number().int(), port: z.number().int(), token: z.string() });

/** The version the benchmarks greet an engine with. */
export const appVersion: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(inRepository('package.json'), 'utf8'))).version;

export interface EngineUnderTest {
  readonly pid: number;
  readonly client: ForgeClient;
  /** From the spawn to engine.json being there, which is written when the door listens. */
  readonly listeningMs: number;
  /** From the spawn to the answer of the first call over the wire. */
  readonly firstAnswerMs: number;
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const pollMs = 2;

/** Starts the engine's own file on a home, as the command line does, and greets it. */
export async function startEngine(
  home: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<EngineUnderTest> {
  const began = performance.now();
  const child = spawn(process.execPath, [engineEntry, '--home', home, '--port', '0'], {
    cwd: home,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = lastWords(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(10_000).then(() => child.kill('SIGKILL'))]);
  };
  try {
    const file = await waitForEngineFile(home, child);
    const listeningMs = performance.now() - began;
    const connection = await openWire(`ws://127.0.0.1:${file.port}/rpc`, file.token);
    await greetEngine(connection.client, appVersion);
    const firstAnswerMs = performance.now() - began;
    const stop = async (): Promise<void> => {
      connection.close();
      await kill();
    };
    return { pid: file.pid, client: connection.client, listeningMs, firstAnswerMs, stop };
  } catch (cause) {
    await kill();
    throw new Error(`The engine did not start in ${home}:\n${said()}`, { cause });
  }
}

async function waitForEngineFile(home: string, child: ChildProcess): Promise<z.infer<typeof engineFile>> {
  const file = path.join(home, 'engine.json');
  for (const began = performance.now(); performance.now() - began < startTimeoutMs; await sleep(pollMs)) {
    const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    // One that is left from a killed engine names another process.
    const read = found === null ? null : engineFile.parse(JSON.parse(found));
    if (read?.pid === child.pid && read !== null) return read;
    if (child.exitCode !== null || child.signalCode !== null) break;
  }
  throw new Error('engine.json did not appear');
}

/** The end of what a process prints, for the error when it fails. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (piece: string) => (text = (text + piece).slice(-4_000)));
  return () => text;
}

/** A connection over the WebSocket the browser uses; the caller greets. */
export async function openWire(url: string, token: string): Promise<ForgeConnection> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`The socket to ${url} did not open.`)));
  });
  return { client: createForgeClient(createWebSocketLink(socket)), close: () => socket.close() };
}
