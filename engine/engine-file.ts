import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
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

const leftEngineFile = z.object({
  port: z.number().int().min(1).max(65_535),
  token: z.string().regex(/^[0-9a-f]{48}$/),
});

/**
 * The address of an engine that ended without taking its file away: it crashed or was killed. The next one takes it over, so that windows and
 * clients which are open find it again by themselves. Null when there is none, or it cannot be read.
 */
export async function readLeftEngineFile(file: string): Promise<z.infer<typeof leftEngineFile> | null> {
  const text = await readFile(file, 'utf8').catch(() => 'null');
  try {
    return leftEngineFile.nullable().parse(JSON.parse(text));
  } catch (error) {
    // Half written or of another version: a new address is as good.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

export async function removeEngineFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
