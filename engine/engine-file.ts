import { rm } from 'node:fs/promises';
import { protocolVersion } from '#contract/protocol-version.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import type { ListeningAddress } from './http/http-server.ts';

/** `FORGE_HOME/engine.json`: how the faces find the running engine. Holds the token, so only its owner may read it. */
export async function writeEngineFile(
  file: string,
  engine: { address: ListeningAddress; token: string; version: string; startedAt: number },
): Promise<void> {
  const { address, token, version, startedAt } = engine;
  await writeJsonAtomic(
    file,
    { pid: process.pid, startedAt, port: address.port, token, protocol: protocolVersion, version, url: address.url },
    { mode: 0o600 },
  );
}

export async function removeEngineFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
