import { z } from 'zod';
import { datasetName, importReport } from './dataset-versions.ts';

/** Documents to rows of kind `text`, for continued pre-training or as ground for generation. */
export const documentRequest = z.object({
  /** Files or folders, absolute, at most 1,000; a code repository is a folder. */
  paths: z.array(z.string().min(1).max(4096)).min(1).max(1_000),
  name: datasetName,
  targetCharacters: z.number().int().min(200).max(100_000).default(2_000),
  overlapCharacters: z.number().int().min(0).max(50_000).default(0),
  domain: z.string().max(64).nullable().default(null),
  /** For documents whose folder names none. */
  licence: z.string().max(200).nullable().default(null),
});
export type DocumentRequest = z.infer<typeof documentRequest>;

const leftOut = z.object({ name: z.string(), reason: z.string() });

/** How the documents went, and the import of their rows. `failed` and `ignored` hold the first 100. */
export const documentReport = z.object({
  documents: z.number().int().nonnegative(),
  failed: z.array(leftOut),
  failedCount: z.number().int().nonnegative(),
  ignored: z.array(leftOut),
  ignoredCount: z.number().int().nonnegative(),
  import: importReport,
});
export type DocumentReport = z.infer<typeof documentReport>;
