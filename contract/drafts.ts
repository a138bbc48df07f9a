import { z } from 'zod';
import { mainJobRequest } from './main-job.ts';

export const draftSteps = ['data', 'base', 'plan', 'train', 'result', 'serve'] as const;
export const draftStep = z.enum(draftSteps);
export type DraftStep = z.infer<typeof draftStep>;

/** A main job that is being decided on. `FORGE_HOME/drafts/<id>.json`. */
export const mainJobDraft = z.object({
  v: z.literal(1).default(1),
  id: z.string().regex(/^[a-z0-9-]{8,40}$/),
  updatedAt: z.number(),
  /** Where the person was. */
  step: draftStep,
  /** What was decided so far. */
  request: mainJobRequest.partial(),
  /** What the person calls the data: a file name, "the sample". */
  datasetLabel: z.string().max(500).nullable().default(null),
  /** Set once training was started: the draft then shows that main job. */
  mainJob: z.string().max(100).nullable().default(null),
});
export type MainJobDraft = z.infer<typeof mainJobDraft>;
