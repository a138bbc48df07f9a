import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { mainJobDraft } from '../drafts.ts';
import { answerPage, answerOrder } from '../evaluation.ts';
import { mainJobPage, mainJobQuery, mainJobRequest, mainJobView } from '../main-job.ts';
import { planPreview } from '../plan-preview.ts';
import { procedure, requestId } from './procedure.ts';

const mainJobId = z.string().max(100);
const mutation = z.object({ id: mainJobId, requestId });

export const mainJobProcedures = {
  start: procedure.input(z.object({ request: mainJobRequest, requestId })).output(mainJobView),
  /** The newest by their last change, and all that wait or run. */
  list: procedure
    .input(z.object({ limit: z.number().int().min(1).max(500).default(200) }).prefault({}))
    .output(z.array(mainJobView)),
  get: procedure.input(z.object({ id: mainJobId })).output(mainJobView),
  watch: procedure.input(z.object({ id: mainJobId })).output(eventIterator(mainJobView)),
  /** Every change of every main job, starting with the present state of the newest 200 and of all that wait or run. */
  watchAll: procedure.output(eventIterator(mainJobView)),
  cancel: procedure.input(mutation).output(mainJobView),
  /** Goes on where a cancelled, failed or interrupted one stopped; finished steps are used again. */
  resume: procedure.input(mutation).output(mainJobView),
  /** Those that neither wait nor run, sorted and filtered by the engine, a page at a time: ten thousand of them never cross the wire. */
  page: procedure.input(mainJobQuery.prefault({})).output(mainJobPage),
  /** Removes the version that a main job made, with its files; one that waits leaves the queue first. Refused while it runs. */
  remove: procedure.input(mutation).output(z.object({ removed: z.string(), freedBytes: z.number() })),
  /** Puts a waiting main job before another waiting one, or last. */
  move: procedure.input(mutation.extend({ before: mainJobId.nullable() })).output(mainJobView),
  /** Dry run: what would be done, every setting with its reason, memory and time. Nothing is written. */
  plan: procedure.input(z.object({ request: mainJobRequest })).output(planPreview),
  /** Held-out rows with both answers and their points, a page at a time. */
  answers: procedure
    .input(
      z.object({
        id: mainJobId,
        order: answerOrder.default('worst-first'),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(200).default(10),
      }),
    )
    .output(answerPage),
};

/** Half-made main jobs: what the wizard holds. Kept on disk at every change, so a crash loses no decision. */
export const draftProcedures = {
  list: procedure.output(z.array(mainJobDraft)),
  /** Makes or replaces the draft with this id. */
  save: procedure.input(z.object({ draft: mainJobDraft.omit({ updatedAt: true }) })).output(mainJobDraft),
  remove: procedure
    .input(z.object({ id: mainJobDraft.shape.id, requestId }))
    .output(z.object({ removed: z.boolean() })),
};
