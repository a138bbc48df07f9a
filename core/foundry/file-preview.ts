import type { CutRecord, RecordShape } from './record-source.ts';

/** A record of a preview. Further back in a file lines are not counted, so its line is an estimate there. */
export interface PreviewRecord {
  readonly record: CutRecord;
  readonly isLineExact: boolean;
}

/** The first look at a file (D-1): whatever its size, within 2 s and 64 MB. */
export interface FilePreview {
  readonly shape: RecordShape;
  readonly sizeBytes: number;
  /** The first 20 records that could be read. */
  readonly records: readonly PreviewRecord[];
  /** At most 5 records with the worst trouble, worst first: rejected ones, then flagged ones. */
  readonly worst: readonly PreviewRecord[];
  /** Records in the whole file; `isExact` when all of it was looked at, or it says so itself. */
  readonly total: { readonly records: number; readonly isExact: boolean };
  /** Records that were looked at, how many of them were rejected, and how many needed another encoding than the file's (D-4). */
  readonly looked: { readonly records: number; readonly rejected: number; readonly fallbackEncoding: number };
}
