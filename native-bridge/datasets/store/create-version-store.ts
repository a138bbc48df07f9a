import { readdir, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetVersion, VersionReference } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { RowBatch, VersionDraft, VersionStore } from '#core/foundry/version-store.ts';
import { removeFolder } from '../../files/remove-folder.ts';
import { syncFolder, writeFileAtomic } from '../../files/write-file-atomic.ts';
import { commitVersion } from './commit-version.ts';
import { readLineBatches, rowOfLine } from './row-lines.ts';
import {
  blobPath,
  rejectsFileName,
  reservedNames,
  rowsFileName,
  versionFolder,
  type StoreFolders,
} from './store-places.ts';
import { readVersionFile, removedAt, removedFileName, versionFolders } from './version-files.ts';
import { namesIn } from '../../files/names-in.ts';

/** How long a removed version can be taken back. */
export const restoreMs = 10 * 60_000;

export interface VersionStoreOptions {
  readonly folders: StoreFolders;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

interface KnownVersion {
  readonly folder: string;
  readonly version: DatasetVersion | null;
  readonly removedAt: number | null;
}

class Store implements VersionStore {
  readonly #options: VersionStoreOptions;
  readonly #folders: StoreFolders;

  constructor(options: VersionStoreOptions) {
    this.#options = options;
    this.#folders = options.folders;
  }

  async list(): Promise<DatasetVersion[]> {
    const whole = (await this.#known()).flatMap(({ version, removedAt: at }) =>
      version === null || at !== null ? [] : [version],
    );
    return whole.toSorted((a, b) => b.createdAt - a.createdAt || b.version - a.version);
  }

  async read(reference: VersionReference): Promise<DatasetVersion> {
    const folder = versionFolder(this.#folders, reference);
    const version = await readVersionFile(folder, this.#options.logger);
    if (version !== null && (await removedAt(folder)) === null) return version;
    throw new ForgeError('foundry.version-unknown', { name: reference.name, version: reference.version });
  }

  async newest(name: string): Promise<DatasetVersion> {
    const own = (await this.list()).filter((version) => version.name === name);
    const [newest] = own.toSorted((a, b) => b.version - a.version);
    if (newest !== undefined) return newest;
    throw new ForgeError('foundry.version-unknown', { name, version: 'any' });
  }

  async *rows(version: DatasetVersion, from = { place: 0, offset: 0 }): AsyncGenerator<RowBatch> {
    let { place } = from;
    for await (const lines of readLineBatches(blobPath(this.#folders, version.files.rows), from.offset)) {
      yield { place, rows: lines.map(({ bytes }) => rowOfLine(bytes)) };
      place += lines.length;
    }
  }

  async commit(draft: VersionDraft): Promise<DatasetVersion> {
    const { name } = draft.about;
    if (reservedNames.has(name)) throw new ForgeError('foundry.name-reserved', { name });
    return commitVersion(draft, this.#options);
  }

  /** Repeatable: what is removed already stays so, and the answer is the same. */
  async remove(reference: VersionReference): Promise<number> {
    const folder = versionFolder(this.#folders, reference);
    const isRemoved = (await removedAt(folder)) !== null;
    const known = isRemoved ? await readVersionFile(folder, this.#options.logger) : null;
    const version = known ?? (await this.read(reference));
    if (!isRemoved) await writeFileAtomic(path.join(folder, removedFileName), String(this.#options.nowMs()));
    const others = (await this.#known()).filter((other) => other.version !== null && other.folder !== folder);
    return freedBytes(this.#folders, version, others);
  }

  /** Repeatable: a version that is there is given as it is. */
  async restore(reference: VersionReference): Promise<DatasetVersion> {
    const folder = versionFolder(this.#folders, reference);
    const [at, version] = [await removedAt(folder), await readVersionFile(folder, this.#options.logger)];
    if (version === null || (at !== null && this.#options.nowMs() - at > restoreMs))
      throw new ForgeError('foundry.not-restorable', { name: reference.name, version: reference.version });
    if (at !== null) await unlink(path.join(folder, removedFileName));
    await syncFolder(folder);
    return version;
  }

  async collect(): Promise<void> {
    await removeExpired(await this.#known(), this.#options);
    await collectBlobs(this.#folders, await this.#known());
  }

  async #known(): Promise<KnownVersion[]> {
    const all = await versionFolders(this.#folders);
    return Promise.all(
      all.map(async ({ folder }) => ({
        folder,
        version: await readVersionFile(folder, this.#options.logger),
        removedAt: await removedAt(folder),
      })),
    );
  }
}

/** Dataset versions in FORGE_HOME. */
export function createVersionStore(options: VersionStoreOptions): VersionStore {
  return new Store(options);
}

function referenced(versions: readonly KnownVersion[]): Set<string> {
  const files = versions.flatMap(({ version }) =>
    version === null ? [] : [version.files.rows, version.files.rejects],
  );
  return new Set(files.filter((digest) => digest !== null));
}

async function freedBytes(
  folders: StoreFolders,
  version: DatasetVersion,
  others: readonly KnownVersion[],
): Promise<number> {
  const used = referenced(others);
  const own = [version.files.rows, version.files.rejects].filter((digest) => digest !== null && !used.has(digest));
  const sizes = own.map(async (digest) => {
    const found = await stat(blobPath(folders, digest ?? '')).catch(() => null);
    return found?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Folders that were removed long enough ago, and half ones that a crash left: a commit in progress is excluded by the caller. */
async function removeExpired(
  versions: readonly KnownVersion[],
  { folders, nowMs }: VersionStoreOptions,
): Promise<void> {
  for (const { folder, version, removedAt: at } of versions) {
    const names = version === null ? await readdir(folder) : [];
    const isHalf =
      version === null &&
      names.every((name) => name.startsWith('index.db') || name === rejectsFileName || name === rowsFileName);
    if (isHalf || (at !== null && nowMs() - at > restoreMs))
      await removeFolder(folder, path.join(folders.store, 'removed'));
  }
}

/** Files of the store that no version names any more. */
async function collectBlobs(folders: StoreFolders, versions: readonly KnownVersion[]): Promise<void> {
  // A version that cannot be read may still name files.
  if (versions.some(({ version }) => version === null)) return;
  const used = referenced(versions);
  for (const part of (await namesIn(folders.store)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const name of await namesIn(path.join(folders.store, part))) {
      if (!/^[0-9a-f]{64}(\.half-\d+)?$/.test(name) || used.has(name)) continue;
      await rm(path.join(folders.store, part, name), { force: true });
    }
  }
}
