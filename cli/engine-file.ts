import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { systemFailure } from './failure.ts';

/** `FORGE_HOME/engine.json`: written by the engine when it listens, removed when it stops in good order. */
const engineFile = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65_535),
  token: z.string().min(1).max(200),
  protocol: z.number(),
  version: z.string(),
  url: z.string().url().optional(),
  startedAt: z.number().optional(),
});
export type EngineFile = z.infer<typeof engineFile>;

/** The largest engine.json that is read; the real one has about 300 bytes. */
const largestFileBytes = 64 * 1024;

/** Reads engine.json; null when there is none or it is not one (an engine that starts replaces it). */
export async function readEngineFile(home: string): Promise<EngineFile | null> {
  let text: string;
  try {
    text = await readFile(path.join(home, 'engine.json'), 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw systemFailure(error, home) ?? error;
  }
  if (text.length > largestFileBytes) return null;
  try {
    return engineFile.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Whether a process with this id exists; one of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The interface's address; its first page takes the token out of the address again. */
export function interfaceAddress(file: EngineFile): string {
  const address = new URL(file.url ?? `http://127.0.0.1:${file.port}/`);
  address.searchParams.set('token', file.token);
  return address.href;
}

/** Where the contract is spoken. */
export function wireAddress(file: EngineFile): string {
  const address = new URL(file.url ?? `http://127.0.0.1:${file.port}/`);
  return `ws://${address.hostname}:${file.port}/rpc`;
}
