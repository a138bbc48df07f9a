import { z } from 'zod';
import { artefact } from './jobs.ts';
import { mainJobRequest, mainJobStep, mainJobStepState } from './main-job.ts';
import { forgeErrorData } from './error-data.ts';

/** What is kept of one step: enough to tell whether its outcome may be used again. */
export const stepStamp = z.object({
  state: mainJobStepState,
  /** SHA-256 of the step's inputs as JSON; another digest means the outcome is stale. */
  inputsDigest: z.string(),
  text: z.string(),
  seconds: z.number(),
  finishedAt: z.number(),
  job: z.string().nullable(),
  output: z.unknown(),
  artefacts: z.array(artefact),
});
export type StepStamp = z.infer<typeof stepStamp>;

/** `models/<name>/v<n>/build.json`: the truth about one main job. */
export const buildFile = z.object({
  v: z.literal(1),
  id: z.string(),
  name: z.string(),
  version: z.number().int().positive(),
  createdAt: z.number(),
  updatedAt: z.number(),
  request: mainJobRequest,
  /** Digest of what the person asked for (dataset bytes, base, settings): the same again continues this version. */
  requestDigest: z.string(),
  state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted']),
  steps: z.partialRecord(mainJobStep, stepStamp),
  notes: z.array(z.string()),
  failure: forgeErrorData.nullable(),
});
export type BuildFile = z.infer<typeof buildFile>;
