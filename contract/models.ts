import { z } from 'zod';
import { parityReport } from './main-job.ts';

/** One version of a model: `models/<name>/v<n>/`. */
export const modelVersion = z.object({
  name: z.string(),
  version: z.number().int().positive(),
  base: z.string(),
  createdAt: z.number(),
  state: z.enum(['building', 'ready', 'adapter-only', 'failed']),
  quantisation: z.string().nullable(),
  ggufPath: z.string().nullable(),
  ggufSha256: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  baseScore: z.number().nullable(),
  tunedScore: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  verdict: z.string().nullable(),
  parity: parityReport.nullable(),
  directory: z.string(),
  inOllama: z.boolean(),
});
export type ModelVersion = z.infer<typeof modelVersion>;

/** `name`, `name:latest` or `name:v3`. */
export const modelReference = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,59}(:(latest|v[1-9][0-9]{0,5}))?$/, 'a model is name, name:latest or name:v3');
