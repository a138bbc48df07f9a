import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Artefact } from '#contract/jobs.ts';

/** The first artefact that is not what it should be. */
export interface ArtefactProblem {
  readonly path: string;
  readonly reason: string;
}

/** Where artefacts may lie. */
export interface ArtefactPlaces {
  /** The attempt directory, to which relative paths belong. */
  readonly directory: string;
  /** Absolute folders that the spec named. */
  readonly named: readonly string[];
}

/** SHA-256 of a file in hex, streamed. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(path, { highWaterMark: 1_048_576, ...(signal === undefined ? {} : { signal }) });
  for await (const chunk of stream) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** Compares every artefact with its size and digest. Null when all are right. */
export async function verifyArtefacts(
  artefacts: readonly Artefact[],
  places: ArtefactPlaces,
  signal?: AbortSignal,
): Promise<ArtefactProblem | null> {
  for (const artefact of artefacts) {
    const reason = await findProblem(artefact, places, signal);
    if (reason !== null) return { path: artefact.path, reason };
  }
  return null;
}

async function findProblem(
  artefact: Artefact,
  places: ArtefactPlaces,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const path = resolve(places.directory, artefact.path);
  const allowed = isAbsolute(artefact.path) ? [places.directory, ...places.named] : [places.directory];
  if (!allowed.some((folder) => isInside(path, folder))) return 'it lies outside the folders of the run';
  const problem = await differsFrom(path, artefact, signal);
  return problem;
}

/** Why a file differs from its record, or null. */
export async function differsFrom(
  path: string,
  record: { readonly bytes: number; readonly sha256: string },
  signal?: AbortSignal,
): Promise<string | null> {
  const status = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (status === null) return 'it is missing';
  if (!status.isFile()) return 'it is not a plain file';
  if (status.size !== record.bytes) return `it has ${status.size} bytes instead of ${record.bytes}`;
  return (await hashFile(path, signal)) === record.sha256 ? null : 'its digest is another one';
}

/** True while a file is as its record says; relative paths belong to `directory`. */
export async function isIntact(artefact: Artefact, directory = ''): Promise<boolean> {
  return (await differsFrom(resolve(directory, artefact.path), artefact)) === null;
}

/** True for the folder itself and what lies under it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}
