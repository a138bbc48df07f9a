import { z } from 'zod';
import { splitChoice, versionReference } from './dataset-versions.ts';

/** What a dataset version can be written as. */
export const dataFormats = [
  'mlx',
  'trl',
  'llama-factory',
  'axolotl',
  'openai',
  'alpaca',
  'sharegpt',
  'parquet',
  'csv',
] as const;
export const dataFormat = z.enum(dataFormats);
export type DataFormat = z.infer<typeof dataFormat>;

const count = z.number().int().nonnegative();

/** Something a format has no place for. `rows` are left out whole (`row`), or lose only that (`part`). */
export const carryLoss = z.object({ what: z.string(), rows: count, loses: z.enum(['row', 'part']), text: z.string() });
export type CarryLoss = z.infer<typeof carryLoss>;

export const dataExportRequest = versionReference.extend({
  format: dataFormat,
  /** Absolute path of the folder to make. */
  to: z.string().min(1).max(4096),
  /** `check` writes nothing and tells what the format cannot carry. */
  mode: z.enum(['check', 'write']),
  overwrite: z.boolean().default(false),
  /** Sides as files of their own; null: those of the version, and for MLX, which needs them, a usual choice. */
  split: splitChoice.nullable().default(null),
});
export type DataExportRequest = z.infer<typeof dataExportRequest>;

export const dataExportReport = versionReference.extend({
  format: dataFormat,
  /** Null for a check. */
  folder: z.string().nullable(),
  rows: count,
  written: count,
  losses: z.array(carryLoss),
  files: z.array(z.object({ path: z.string(), rows: count.nullable(), sizeBytes: count })),
  seconds: z.number().nonnegative(),
});
export type DataExportReport = z.infer<typeof dataExportReport>;

/** What a row holds that not every format has a place for. */
export const rowFeatures = [
  'sft',
  'preference',
  'unpaired',
  'prompt',
  'text',
  'tools',
  'tool-messages',
  'call-and-content',
  'several-calls',
  'call-links',
  'weights',
  'several-turns',
  'system-edges',
  'long-side',
  'metadata',
  'domain',
  'group',
  'origin',
  'flags',
  'not-eligible',
] as const;
export type RowFeature = (typeof rowFeatures)[number];
