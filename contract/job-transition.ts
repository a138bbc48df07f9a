import { z } from 'zod';
import { jobFailure, jobState } from './jobs.ts';

/** What a job was asked to do that its present attempt has not done yet. */
export const jobIntents = ['none', 'pause', 'stop', 'finish'] as const;
/** How far the stop ladder was climbed for the present attempt. */
export const stopRungs = ['none', 'asked', 'terminated', 'killed'] as const;

export const attemptExit = z.object({
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  source: z.enum(['exit-file', 'terminal', 'vanished']),
});

/**
 * One line of `transitions.jsonl`: a move of the job machine with the whole state after it, so that the last line alone
 * says how a job stands.
 */
export const jobTransition = z.object({
  v: z.literal(1),
  /** 1, 2, ... without gaps. */
  revision: z.number().int().positive(),
  /** Unix time in ms. */
  t: z.number(),
  /** Null on the first line only. */
  from: jobState.nullable(),
  to: jobState,
  /** The event that moved it, or "submitted", "reordered". */
  cause: z.string().max(100),
  attempt: z.number().int().nonnegative(),
  lease: z.string().nullable(),
  intent: z.enum(jobIntents),
  rung: z.enum(stopRungs),
  exitProved: z.boolean(),
  failure: jobFailure.nullable(),
  queueRank: z.number().int(),
  /** On the line that records the end of an attempt's process. */
  exit: attemptExit.nullable(),
});
export type JobTransition = z.infer<typeof jobTransition>;
