import type {
  DatasetVersion,
  PagedRow,
  PageRequest,
  RejectEntry,
  RowPage,
  VersionReference,
} from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';

/** Rows as they stand in a version's file, from `place` on. */
export interface RowBatch {
  /** Place of the first row of the batch, from 0. */
  readonly place: number;
  readonly rows: readonly CanonicalRow[];
}

/** What the store has to know about a row; the rules of `row-texts.ts`, handed in because the store decides nothing. */
export interface RowTexts {
  promptOf(row: CanonicalRow): string;
  answerOf(row: CanonicalRow): string;
}

/** Finished files of a version in a folder on the disk of the store; `commit` takes them over. */
export interface VersionDraft {
  /** Folder of the job: what it remembers here makes a second `commit` after a crash give the same version. */
  readonly folder: string;
  readonly rowsFile: string;
  /** SHA-256 of the rows file. */
  readonly digest: string;
  readonly rejectsFile: string | null;
  /** Made by `buildIndex`. */
  readonly indexFile: string;
  readonly about: Omit<DatasetVersion, 'schema' | 'version' | 'createdAt' | 'digest' | 'files'>;
}

/** Dataset versions on the disk. A version appears whole or not at all, never changes, and outlives whatever happens to another one. */
export interface VersionStore {
  /** Newest first. */
  list(): Promise<DatasetVersion[]>;
  /** @throws ForgeError foundry.version-unknown */
  read(reference: VersionReference): Promise<DatasetVersion>;
  /** The newest version of a name. @throws ForgeError foundry.version-unknown */
  newest(name: string): Promise<DatasetVersion>;
  /** The rows in their order, some thousand at a time; memory stays bounded. */
  rows(version: DatasetVersion, from?: { readonly place: number; readonly offset: number }): AsyncGenerator<RowBatch>;
  commit(draft: VersionDraft): Promise<DatasetVersion>;
  /** Puts a version away; its files go when `collect` is called ten minutes later. Gives the bytes that will be free then. */
  remove(reference: VersionReference): Promise<number>;
  /** @throws ForgeError foundry.not-restorable */
  restore(reference: VersionReference): Promise<DatasetVersion>;
  /** Deletes what was removed more than ten minutes ago, and what crashes left. Not while a job may commit. */
  collect(): Promise<void>;
}

export interface RejectsRange {
  readonly offset: number;
  readonly limit: number;
  /** Only those of one reason. */
  readonly code: string | null;
}

export interface RejectsPage {
  readonly total: number;
  readonly rejects: RejectEntry[];
  /** All reasons with their counts, the most frequent first. */
  readonly reasons: { code: string; count: number }[];
}

/** Pages of versions, straight from their index. */
export interface VersionPages {
  /** @throws ForgeError foundry.* */
  page(version: DatasetVersion, request: PageRequest, signal?: AbortSignal): Promise<RowPage>;
  row(version: DatasetVersion, id: string): Promise<CanonicalRow>;
  /** The rows at these places, in this order. @throws RangeError for a place that is none */
  rowsAt(version: DatasetVersion, places: readonly number[]): Promise<PagedRow[]>;
  rejects(version: DatasetVersion, range: RejectsRange): Promise<RejectsPage>;
  close(): void;
}
