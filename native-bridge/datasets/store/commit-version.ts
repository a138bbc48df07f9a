import { copyFile, link, mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { VersionDraft } from '#core/foundry/version-store.ts';
import { syncFolder, writeJsonAtomic } from '../../files/write-file-atomic.ts';
import { hashFile } from '../../files/verify-artefacts.ts';
import {
  blobPath,
  indexPath,
  rejectsFileName,
  rowsFileName,
  versionFolder,
  type StoreFolders,
} from './store-places.ts';
import { isMissing, readVersionFile, versionFileName, versionNumbers } from './version-files.ts';

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a file into the store under its digest; one that is there already stays. The file itself stays where it is until its job ends. */
async function placeBlob(folders: StoreFolders, file: string, digest: string): Promise<void> {
  const place = blobPath(folders, digest);
  await mkdir(path.dirname(place), { recursive: true });
  await syncFile(file);
  try {
    await link(file, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Some file systems know no links.
    const half = `${place}.half-${process.pid}`;
    await copyFile(file, half);
    await syncFile(half);
    await rename(half, place);
  }
  await syncFolder(path.dirname(place));
}

async function numberTakenBefore(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as { version: number }).version;
}

/** The same file under a name for people. */
async function showBlob(blob: string, place: string): Promise<void> {
  await link(blob, place).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') await copyFile(blob, place);
  });
}

/** The next free number, taken by making its folder: two jobs never get the same one. */
async function takeNumber(folders: StoreFolders, name: string): Promise<number> {
  await mkdir(path.join(folders.datasets, name), { recursive: true });
  for (let version = ((await versionNumbers(folders, name)).at(-1) ?? 0) + 1; ; version += 1) {
    try {
      await mkdir(versionFolder(folders, { name, version }));
      return version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

export interface CommitOptions {
  readonly folders: StoreFolders;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/**
 * Makes a version of finished files: the files into the store, the index beside, `version.json` last. The number is remembered in the job's folder, so that a
 * commit that is repeated after a crash ends in the same version.
 */
export async function commitVersion(
  draft: VersionDraft,
  { folders, nowMs, logger }: CommitOptions,
): Promise<DatasetVersion> {
  const { name } = draft.about;
  const memory = path.join(draft.folder, 'commit.json');
  const before = await numberTakenBefore(memory);
  const finished =
    before === null ? null : await readVersionFile(versionFolder(folders, { name, version: before }), logger);
  if (finished?.digest === draft.digest) return finished;
  // A number that another job got in the meantime is left to it.
  const version = before === null || finished !== null ? await takeNumber(folders, name) : before;
  await writeJsonAtomic(memory, { version });
  const folder = versionFolder(folders, { name, version });
  await mkdir(folder, { recursive: true });
  const rejects = draft.rejectsFile === null ? null : await hashFile(draft.rejectsFile);
  await placeBlob(folders, draft.rowsFile, draft.digest);
  await showBlob(blobPath(folders, draft.digest), path.join(folder, rowsFileName));
  if (draft.rejectsFile !== null && rejects !== null) {
    await placeBlob(folders, draft.rejectsFile, rejects);
    await showBlob(blobPath(folders, rejects), path.join(folder, rejectsFileName));
  }
  const made: DatasetVersion = {
    schema: 'forge.dataset/1',
    ...draft.about,
    version,
    createdAt: nowMs(),
    digest: draft.digest,
    files: { rows: draft.digest, rejects },
  };
  // Gone already when the commit is repeated: the index is made again from the rows when it is asked for.
  await rename(draft.indexFile, indexPath(folders, made)).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await writeJsonAtomic(path.join(folder, versionFileName), made);
  await syncFolder(path.dirname(folder));
  return made;
}
