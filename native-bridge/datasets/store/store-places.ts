import path from 'node:path';
import { isReservedDatasetName } from '#contract/dataset-names.ts';
import type { DatasetVersion, VersionReference } from '#contract/dataset-versions.ts';

/** Where versions lie: `store` holds files under their digests, `datasets` the folders of the versions. */
export interface StoreFolders {
  /** FORGE_HOME/store */
  readonly store: string;
  /** FORGE_HOME/datasets */
  readonly datasets: string;
}

export function blobPath({ store }: StoreFolders, digest: string): string {
  return path.join(store, digest.slice(0, 2), digest);
}

export function versionFolder({ datasets }: StoreFolders, { name, version }: VersionReference): string {
  return path.join(datasets, name, `v${version}`);
}

export function indexPath(folders: StoreFolders, version: DatasetVersion): string {
  return path.join(versionFolder(folders, version), 'index.db');
}

/** Rejects of a version under a name for people, in its folder. */
export const rejectsFileName = 'rejects.jsonl';
/** The same for its rows. */
export const rowsFileName = 'rows.jsonl';

/** Below FORGE_HOME/datasets: rows made of documents. */
export const documentsFolderName = 'documents';

/** Names that no dataset can have. */
export const reservedNames: Pick<ReadonlySet<string>, 'has'> = { has: isReservedDatasetName };
