import { ForgeError } from '#contract/errors.ts';
import type { JobFailure } from '#contract/jobs.ts';

/** An exception as the failure a job shows. */
export function failureOf(error: unknown): JobFailure {
  if (error instanceof ForgeError) return { code: error.code, message: error.message, hint: error.remedy };
  return {
    code: 'job.start-failed',
    message: `The job could not be started: ${error instanceof Error ? error.message : String(error)}.`,
    hint: 'Read the engine log; correct what it names and run the job again.',
  };
}
