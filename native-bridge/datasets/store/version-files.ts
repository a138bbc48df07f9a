import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { datasetName, datasetVersion, type DatasetVersion, type VersionReference } from '#contract/dataset-versions.ts';
import type { Logger } from '#core/ports/logger.ts';
import { versionFolder, type StoreFolders } from './store-places.ts';
import { namesIn } from '../../files/names-in.ts';

export const versionFileName = 'version.json';
/** Stands beside `version.json` of a version that was removed: when, in Unix milliseconds. */
export const removedFileName = 'removed.json';

export function isMissing(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

/** When a version was removed; null for one that was not. */
export async function removedAt(folder: string): Promise<number | null> {
  const text = await textOf(path.join(folder, removedFileName));
  if (text === null) return null;
  const at = Number(text);
  // A damaged mark still says that it was removed; the time of the file tells when.
  return Number.isFinite(at) && at > 0 ? at : (await stat(path.join(folder, removedFileName))).mtimeMs;
}

/** A version as its folder describes it; null where there is none, or none that can be read. */
export async function readVersionFile(folder: string, logger: Logger): Promise<DatasetVersion | null> {
  const text = await textOf(path.join(folder, versionFileName));
  if (text === null) return null;
  try {
    return datasetVersion.parse(JSON.parse(text));
  } catch (error) {
    logger.warn({ folder, reason: String(error).slice(0, 300) }, 'a dataset version cannot be read');
    return null;
  }
}

/** Numbers that folders of a name stand for, whole versions or not. */
export async function versionNumbers(folders: StoreFolders, name: string): Promise<number[]> {
  const names = await namesIn(path.join(folders.datasets, name));
  return names
    .flatMap((entry) => (/^v[1-9]\d{0,8}$/.test(entry) ? [Number(entry.slice(1))] : []))
    .toSorted((a, b) => a - b);
}

/** Every version folder there is, whole or half, removed or not. */
export async function versionFolders(
  folders: StoreFolders,
): Promise<(VersionReference & { readonly folder: string })[]> {
  const names = (await namesIn(folders.datasets)).filter((name) => datasetName.safeParse(name).success);
  const found = await Promise.all(
    names.map(async (name) =>
      (await versionNumbers(folders, name)).map((version) => ({
        name,
        version,
        folder: versionFolder(folders, { name, version }),
      })),
    ),
  );
  return found.flat();
}
