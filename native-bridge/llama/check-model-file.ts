import { stat } from 'node:fs/promises';
import { ForgeError } from '#contract/errors.ts';
import { readGgufHeader } from './gguf-header.ts';

export interface CheckedModelFile {
  readonly path: string;
  readonly contextTokens: number;
  readonly sizeBytes: number;
  /** Tells this file in this state, with this context, from any other. */
  readonly fingerprint: string;
}

/** Looks at a file before any process is started for it. */
export async function checkModelFile(path: string, contextTokens: number): Promise<CheckedModelFile> {
  const { sizeBytes } = await readGgufHeader(path);
  const { mtimeMs } = await stat(path);
  return { path, contextTokens, sizeBytes, fingerprint: JSON.stringify([path, contextTokens, sizeBytes, mtimeMs]) };
}

/**
 * The memory that is left for a context once the file is loaded, in bytes.
 * @throws ForgeError `serving.not-enough-memory` when the file alone does not fit.
 */
export function memoryForContext(path: string, neededBytes: number, freeBytes: number): number {
  if (neededBytes > freeBytes) {
    const neededMegabytes = Math.round(neededBytes / 1e6);
    throw new ForgeError('serving.not-enough-memory', {
      path,
      neededMegabytes,
      freeMegabytes: Math.round(freeBytes / 1e6),
    });
  }
  return freeBytes - neededBytes;
}
