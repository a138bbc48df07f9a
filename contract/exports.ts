import { z } from 'zod';
import { parityReport, quantisationType } from './main-job.ts';
import { modelReference } from './models.ts';

/** What a version can be written as: one GGUF file of the whole model, a GGUF file of the adapter alone, a Hugging Face folder. */
export const exportFormats = ['gguf', 'adapter', 'merged'] as const;
export const exportFormat = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof exportFormat>;

export const modelExportRequest = z.object({
  model: modelReference,
  format: exportFormat.default('gguf'),
  /** File type of a GGUF export; null: the file that was measured. */
  type: quantisationType.nullable().default(null),
  /** Absolute path of the file or folder to write; a folder that is there, or a slash at the end, means: inside it. */
  to: z.string().min(1).max(4096),
  overwrite: z.boolean().default(false),
  /** Writes a file that failed its gates; the answer says so. */
  evenIfWorse: z.boolean().default(false),
});
export type ModelExportRequest = z.infer<typeof modelExportRequest>;

/** One bar a file has to clear before it may be called the model that was trained (requirement N-13). */
export const parityGate = z.object({
  gate: z.enum(['file', 'tokens', 'template', 'logits', 'greedy', 'loss']),
  /** In plain words: "same tokens". */
  name: z.string(),
  measured: z.string(),
  needed: z.string(),
  passed: z.boolean(),
  /** The one thing to do when it failed; null when it passed. */
  remedy: z.string().nullable(),
});
export type ParityGate = z.infer<typeof parityGate>;

export const exportedFile = z.object({
  /** Relative to the export's path; empty for the file itself. */
  path: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
});
export type ExportedFile = z.infer<typeof exportedFile>;

export const modelExport = z.object({
  /** `name:v3`. */
  model: z.string(),
  format: exportFormat,
  /** Of the file, or of the folder. */
  path: z.string(),
  /** Of everything that was written. */
  sizeBytes: z.number(),
  /** Of the file; null for a folder, whose files have their own. */
  sha256: z.string().nullable(),
  /** File type of a GGUF of the whole model, else null. */
  quantisation: z.string().nullable(),
  files: z.array(exportedFile),
  /** True for the very file whose answers were scored; the score holds for no other (law 2). */
  isMeasured: z.boolean(),
  /** Gates of a GGUF of the whole model: the stored ones of the measured file, fresh ones of another; null for the other formats. */
  check: z
    .object({
      passed: z.boolean(),
      /** Loss against the unquantised file, as a fraction: 0.01 is one per cent worse. */
      lossChange: z.number(),
      gates: z.array(parityGate),
    })
    .nullable(),
});
export type ModelExport = z.infer<typeof modelExport>;

export const modelCheckRequest = z.object({
  model: modelReference,
  /** File type to check; null: the file that is served. */
  type: quantisationType.nullable().default(null),
});
export type ModelCheckRequest = z.infer<typeof modelCheckRequest>;

export const modelCheck = z.object({
  model: z.string(),
  type: z.string(),
  path: z.string(),
  /** As found now; null when the file is missing. */
  sha256: z.string().nullable(),
  /** As recorded when it was measured; null for a file that never was. */
  recordedSha256: z.string().nullable(),
  isMeasured: z.boolean(),
  passed: z.boolean(),
  /** One sentence. */
  verdict: z.string(),
  gates: z.array(parityGate),
  /** The figures behind the gates; null when the file is not the recorded one, so that nothing was measured. */
  report: parityReport.nullable(),
});
export type ModelCheck = z.infer<typeof modelCheck>;

const progress = z.object({
  kind: z.literal('progress'),
  text: z.string(),
  /** 0..1, null while it is not known. */
  fraction: z.number().nullable(),
  /** The run that works now (`forge runs`), null between runs. */
  job: z.string().nullable(),
});

export const modelExportEvent = z.discriminatedUnion('kind', [
  progress,
  z.object({ kind: z.literal('done'), export: modelExport }),
]);
export const modelCheckEvent = z.discriminatedUnion('kind', [
  progress,
  z.object({ kind: z.literal('done'), check: modelCheck }),
]);
export type ExportProgress = Omit<z.infer<typeof progress>, 'kind'>;
