import { readFile, rm } from 'node:fs/promises';
import { parseEngineAddress, type EngineAddress } from '#contract/engine-address.ts';
import { protocolVersion } from '#contract/protocol-version.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import type { ListeningAddress } from './http/http-server.ts';

/** `FORGE_HOME/engine.json`: how the faces find the running engine. Holds the token, so only its owner may read it. */
export async function writeEngineFile(
  file: string,
  engine: { address: ListeningAddress; token: string; version: string; startedAt: number },
): Promise<void> {
  const { address, token, version, startedAt } = engine;
  const { port, url } = address;
  const written: EngineAddress = { pid: process.pid, startedAt, port, token, protocol: protocolVersion, version, url };
  await writeJsonAtomic(file, written, { mode: 0o600 });
}

/** A token is taken over only in the shape in which this version makes them. */
const leftToken = /^[0-9a-f]{48}$/;
type LeftEngine = Pick<EngineAddress, 'port' | 'token'>;

/**
 * The address of an engine that ended without taking its file away: it crashed or was killed. The next one takes it over, so that windows and
 * clients which are open find it again by themselves. Null when there is none, or it cannot be read.
 */
export async function readLeftEngineFile(file: string): Promise<LeftEngine | null> {
  const left = parseEngineAddress(await readFile(file, 'utf8').catch(() => ''));
  return left !== null && leftToken.test(left.token) ? { port: left.port, token: left.token } : null;
}

export async function removeEngineFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
