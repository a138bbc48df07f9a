import { z } from 'zod';
import { datasetReport, splitReport } from './datasets.ts';
import { recipePlan } from './recipes.ts';

/** What a main job would do, with nothing written, fetched or installed. */
export const planPreview = z.object({
  /** The plan as lines of text, for a terminal. */
  lines: z.array(z.string()),
  recipe: z.record(z.string(), z.unknown()),
  reasons: z.record(z.string(), z.string()),
  plan: recipePlan,
  report: datasetReport,
  split: splitReport,
  base: z.object({ id: z.string(), name: z.string(), isHere: z.boolean() }),
  machine: z.object({ summary: z.string(), profile: z.enum(['cuda', 'mlx', 'cpu']), reason: z.string() }),
  /** The whole chain, not the training alone; seconds. */
  forecast: z.object({ trainSeconds: z.number(), totalSeconds: z.number(), diskBytes: z.number() }),
  warnings: z.array(z.string()),
});
export type PlanPreview = z.infer<typeof planPreview>;
