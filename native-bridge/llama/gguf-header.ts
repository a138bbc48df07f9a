import { open } from 'node:fs/promises';
import { ForgeError } from '#contract/errors.ts';

/** Smallest file that can hold a header and one tensor. */
const minimumBytes = 64;
/** No published model has more; a larger count means a torn or hostile file. */
const maximumTensors = 100_000;
const maximumEntries = 100_000;

export interface GgufHeader {
  readonly sizeBytes: number;
  readonly version: number;
  readonly tensorCount: number;
}

/**
 * Looks at the first 24 bytes of a model file before llama.cpp sees it: magic, version 2 or 3, believable counts.
 * (Layout: ggml's docs/gguf.md.) The full check of offsets belongs to the import of a file, not to each load.
 * @throws ForgeError `serving.file-not-usable` with the reason in plain words.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const { sizeBytes, head } = await readHead(path);
  const refuse = (reason: string): never => {
    throw new ForgeError('serving.file-not-usable', { path, reason });
  };
  if (sizeBytes < minimumBytes) refuse(`it has ${sizeBytes} bytes only`);
  if (head.toString('latin1', 0, 4) !== 'GGUF') refuse('it does not begin like a GGUF file');
  const version = head.readUInt32LE(4);
  if (version !== 2 && version !== 3) refuse(`its GGUF version is ${version}, known are 2 and 3`);
  const tensorCount = Number(head.readBigUInt64LE(8));
  const entryCount = Number(head.readBigUInt64LE(16));
  if (tensorCount < 1 || tensorCount > maximumTensors) refuse(`it claims ${tensorCount} tensors`);
  if (entryCount > maximumEntries) refuse(`it claims ${entryCount} header entries`);
  return { sizeBytes, version, tensorCount };
}

async function readHead(path: string): Promise<{ sizeBytes: number; head: Buffer }> {
  const head = Buffer.alloc(24);
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      await file.read(head, 0, head.length, 0);
      return { sizeBytes: size, head };
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const reason = code === 'ENOENT' ? 'there is no such file' : `it can not be read (${code})`;
    throw new ForgeError('serving.file-not-usable', { path, reason }, { cause });
  }
}
