import { z } from 'zod';
import { fieldMapping, importRequest } from './dataset-versions.ts';
import { canonicalRow } from './rows.ts';

const count = z.number().int().nonnegative();

/** How files are looked at before they are imported: what an import would be asked for, as far as it decides rows. */
export const previewRequest = importRequest.pick({
  paths: true,
  mapping: true,
  encoding: true,
  delimiter: true,
  hasHeader: true,
  systemPrompt: true,
});
export type PreviewRequest = z.infer<typeof previewRequest>;

/** A column of a table, or a key of JSON records, with what was seen in it. */
export const previewColumn = z.object({
  name: z.string(),
  /** Share of the records looked at in which it is not empty, 0 to 1. */
  filled: z.number().min(0).max(1),
  /** Mean length of what is in it, in characters. */
  meanCharacters: z.number().nonnegative(),
  /** The first value, at most 120 characters. */
  example: z.string(),
});
export type PreviewColumn = z.infer<typeof previewColumn>;

/** One of the first records, and the row that it becomes with this mapping. */
export const previewedRecord = z.object({
  line: z.number().int().positive(),
  byteOffset: count,
  /** In the order of `columns`; each at most 300 characters. */
  cells: z.array(z.string()),
  /** What the reader had to mend: codes like `FALLBACK_ENCODING`. */
  flags: z.array(z.string()),
  outcome: z.discriminatedUnion('kind', [
    /** `row` is cut at 20,000 characters a message. */
    z.object({ kind: z.literal('row'), row: canonicalRow }),
    z.object({ kind: z.literal('rejected'), code: z.string(), message: z.string() }),
  ]),
});
export type PreviewedRecord = z.infer<typeof previewedRecord>;

/** A record with trouble. Further back in a file lines are not counted, so `line` is an estimate there. */
export const worstRecord = z.object({
  line: z.number().int().positive(),
  isLineExact: z.boolean(),
  byteOffset: count,
  /** Null when it is read, with `flags`. */
  code: z.string().nullable(),
  message: z.string(),
  flags: z.array(z.string()),
  /** The beginning of its bytes: as text where they are UTF-8, else base64. */
  head: z.string(),
  headEncoding: z.enum(['utf-8', 'base64']),
});

/** The first look at files (D-1) and the live result of a mapping on it (D-5). Never more than the beginning and samples of one file are read. */
export const importPreview = z.object({
  /** The file that was looked at: the first one with records. */
  file: z.string(),
  sizeBytes: count,
  /** All files that would be read, and their size. */
  files: z.object({ count, sizeBytes: count, ignored: count }),
  container: z.enum(['csv', 'jsonl', 'json-array', 'parquet', 'arrow', 'text']),
  compression: z.enum(['none', 'gzip', 'zip', 'zstd']),
  encoding: z.object({ name: z.string(), /** 0 to 1 */ confidence: z.number().min(0).max(1) }),
  /** Of CSV, else null. */
  delimiter: z.string().nullable(),
  hasHeader: z.boolean(),
  /** At most 200. */
  columns: z.array(previewColumn),
  /** What the columns seem to be by their names and their content; empty where the records' shape is known without. */
  suggested: fieldMapping,
  /** What a person said the last time for the same columns (D-5), and when. */
  remembered: z.object({ mapping: fieldMapping, savedAt: z.number() }).optional(),
  /** How most of the records were understood: `messages`, `sharegpt`, `alpaca`, `mapped` ...; null when none was. */
  format: z.string().nullable(),
  total: z.object({ records: count, isExact: z.boolean() }),
  looked: z.object({ records: count, rejected: count, fallbackEncoding: count }),
  records: z.array(previewedRecord).max(20),
  worst: z.array(worstRecord).max(5),
});
export type ImportPreview = z.infer<typeof importPreview>;
