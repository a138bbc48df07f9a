import { z } from 'zod';
import { datasetReport, datasetRow, splitReport } from './datasets.ts';

/** Largest file that can be handed over through the browser; a larger one is named by its path. */
export const largestUploadBytes = 2 * 1024 * 1024 * 1024;

/**
 * Where the browser sends a dropped file: `PUT /uploads?name=<file name>`, the bytes as the body; answers `{ path, bytes }`. The files of a dropped
 * folder come one by one with `&folder=<its name>&batch=<a UUID>` and lie together; the folder is then named to `datasets.obtain`, which takes it away.
 */
export const uploadAddress = '/uploads';

export const knownDataset = z.object({
  path: z.string(),
  label: z.string(),
  /** `version`: the rows of a dataset version; its label is `name:v2`. */
  kind: z.enum(['sample', 'version', 'kept', 'uploaded', 'hub', 'folder']),
  /** One sentence: what is in it. */
  about: z.string(),
  rows: z.number().int().nonnegative().nullable(),
  sizeBytes: z.number().nonnegative(),
  changedAt: z.number(),
  /** The sample is given to the main job by leaving `dataset` out. */
  isDefault: z.boolean(),
});
export type KnownDataset = z.infer<typeof knownDataset>;

export const datasetSourceProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), text: z.string(), fraction: z.number().nullable() }),
  z.object({ kind: z.literal('done'), path: z.string(), label: z.string(), sizeBytes: z.number(), note: z.string() }),
]);

export const previewRow = z.object({
  row: datasetRow,
  /** On which side of the split it falls. */
  side: z.enum(['train', 'validation', 'held-out']),
});
export type PreviewRow = z.infer<typeof previewRow>;

export const datasetInspection = z.object({
  path: z.string(),
  report: datasetReport,
  split: splitReport,
  /** Column or key names of the file, in their order; empty where the format has its places fixed. */
  columns: z.array(z.string()),
  /** How answers will be scored, in a sentence. */
  scoring: z.string(),
  rows: z.array(previewRow),
  total: z.number().int().nonnegative(),
});
export type DatasetInspection = z.infer<typeof datasetInspection>;

/** A piece of a row as the model sees it, in order; joined they are the whole text. */
export const shownPiece = z.object({
  text: z.string(),
  /** The model is taught to say this. */
  learned: z.boolean(),
  /** `template`: words of the chat format, no message of the row. */
  part: z.enum(['template', 'system', 'user', 'assistant']),
  /** Token number; null where the tokenizer is not here and the piece is text only. */
  token: z.number().int().nonnegative().nullable(),
});
export type ShownPiece = z.infer<typeof shownPiece>;

export const shownRow = z.object({
  pieces: z.array(shownPiece),
  /** Null without a tokenizer. */
  tokens: z.number().int().nonnegative().nullable(),
  learnedTokens: z.number().int().nonnegative().nullable(),
  /** `tokens`: by the base model's own template and tokenizer; `text`: by the template family of the catalogue, without tokens. */
  exactness: z.enum(['tokens', 'text']),
  note: z.string(),
});
export type ShownRow = z.infer<typeof shownRow>;
