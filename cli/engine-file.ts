import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isAliveBy, parseEngineAddress, type EngineAddress } from '#contract/engine-address.ts';
import { systemFailure } from './failure.ts';

/** Reads engine.json; null when there is none or it is not one (an engine that starts replaces it). */
export async function readEngineFile(home: string): Promise<EngineAddress | null> {
  try {
    return parseEngineAddress(await readFile(path.join(home, 'engine.json'), 'utf8'));
  } catch (error) {
    if (isMissing(error)) return null;
    throw systemFailure(error, home) ?? error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Whether a process with this id exists; one of another user counts. */
export const isAlive = (pid: number): boolean => isAliveBy(() => process.kill(pid, 0));

/** The interface's address; its first page takes the token out of the address again. */
export function interfaceAddress(file: EngineAddress): string {
  const address = new URL(file.url ?? `http://127.0.0.1:${file.port}/`);
  address.searchParams.set('token', file.token);
  return address.href;
}

/** Where the contract is spoken. */
export function wireAddress(file: EngineAddress): string {
  const address = new URL(file.url ?? `http://127.0.0.1:${file.port}/`);
  return `ws://${address.hostname}:${file.port}/rpc`;
}
