import type { RejectReason } from '#contract/datasets.ts';

/** What kind of file it is by its content, never by its name alone. */
export type RecordContainer = 'csv' | 'jsonl' | 'json-array' | 'parquet' | 'arrow' | 'text';

/** A remark of the reader about one record that it could read. */
export type RecordFlag = 'FALLBACK_ENCODING' | 'REPLACED_CHARACTER' | 'NUL_REMOVED' | 'DUP_KEY' | 'BIG_INTEGER_KEPT';

/** Where a record stands: line of its first byte from 1, byte offset from 0 and length in bytes (of the decompressed text). */
export interface RecordPlace {
  readonly line: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * One record as it was cut out of a file, before it means anything. `fields` are the cells of a CSV record (the header is told by `shape`, it is no record),
 * `value` is one parsed JSON value or a row of a columnar file, `bad` could not be cut, decoded or parsed: one bad record costs one record.
 */
export type CutRecord = RecordPlace & { readonly flags: readonly RecordFlag[] } & (
    | { readonly kind: 'fields'; readonly fields: readonly string[] }
    | { readonly kind: 'value'; readonly value: unknown }
    | {
        readonly kind: 'bad';
        readonly reason: RejectReason;
        readonly message: string;
        /** The first 2,000 bytes of the record as they stand in the file. */
        readonly head: Uint8Array;
      }
  );

/** What the first look at a file found. */
export interface RecordShape {
  readonly container: RecordContainer;
  readonly compression: 'none' | 'gzip' | 'zip' | 'zstd';
  readonly encoding: { readonly name: string; /** 0 to 1 */ readonly confidence: number };
  /** Field separator of CSV, else null. */
  readonly delimiter: string | null;
  readonly hasHeader: boolean;
  /** Columns of CSV and columnar files in file order, deduplicated with `_2`; empty for JSON. */
  readonly columns: readonly string[];
  /** Those of them whose name stood in the header before. */
  readonly renamed?: readonly { readonly name: string; readonly unique: string }[];
}

/** A place between two records, from which reading can go on after a restart. Opaque but JSON. */
export interface RecordPosition {
  readonly byteOffset: number;
  readonly line: number;
  readonly records: number;
  /** In a JSON file: the place is inside the array of records. */
  readonly inArray?: boolean;
  /** Nothing comes behind: it is the end, or the text broke off here and the last record said so. */
  readonly isEnd?: boolean;
}

/** A batch and the position right after it. */
export interface RecordBatch {
  readonly records: readonly CutRecord[];
  readonly after: RecordPosition;
}

/** One opened file. `records` can be read once; memory stays bounded whatever the file is. */
export interface RecordSource {
  readonly shape: RecordShape;
  /** Bytes on the disk; progress is `position.byteOffset` of it where nothing is compressed. */
  readonly sizeBytes: number;
  records(from?: RecordPosition): AsyncIterable<RecordBatch>;
  /** SHA-256 (hex) of the file; only after `records` came to its end. A file changed meanwhile fails `records` (`dataset.changed-while-reading`). */
  sha256(): Promise<string>;
  close(): Promise<void>;
}
