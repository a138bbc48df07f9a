import type { DatasetContainer, RejectReason, RowFlag, TextEncoding } from '#contract/datasets.ts';

/**
 * One record as it was cut out of a file, before it means anything.
 * `line` is the line its first byte stands on, from 1. `fields` are the cells of a CSV record (the header is the first one),
 * `value` is a parsed JSON value, `bad` could not be cut or decoded.
 */
export type SourceRecord =
  | {
      readonly kind: 'fields';
      readonly line: number;
      readonly fields: readonly string[];
      readonly flags: readonly RowFlag[];
    }
  | {
      readonly kind: 'value';
      readonly line: number;
      readonly value: unknown;
      readonly flags: readonly RowFlag[];
      /** A passage that is learned whole; the value holds the question it is measured by. */
      readonly text?: string;
    }
  | {
      readonly kind: 'bad';
      readonly line: number;
      readonly reason: RejectReason;
      readonly message: string;
      readonly excerpt: string;
    };

/** An opened file of examples. What it is made of is known; the records come in batches, once. */
export interface DatasetSource {
  /** Name to show: the file name, or what the caller gave. */
  readonly name: string;
  /** Where it is, for errors: the whole path of a file, else the name. */
  readonly path: string;
  readonly container: DatasetContainer;
  /** Field separator of a CSV container, else null. */
  readonly delimiter: string | null;
  readonly encoding: { readonly name: TextEncoding; readonly certain: boolean };
  /** The records in file order. Can be read once. */
  records(): AsyncIterable<readonly SourceRecord[]>;
  /** Bytes and SHA-256 (hex) of everything read; only after `records` came to its end. */
  fingerprint(): { readonly sizeBytes: number; readonly sha256: string };
  /** SHA-256 of a text in UTF-8, hex. */
  digest(text: string): string;
}
