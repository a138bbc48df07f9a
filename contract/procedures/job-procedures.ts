import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { unknownEvent } from '../events.ts';
import { jobView } from '../jobs.ts';
import { procedure, requestId } from './procedure.ts';

const jobId = z.string().max(100);
const mutation = z.object({ job: jobId, requestId });
const eventBatch = z.object({ events: z.array(unknownEvent), last: z.number(), behind: z.boolean() });

export const jobProcedures = {
  list: procedure.input(z.object({ limit: z.number().int().min(1).max(500).default(100) })).output(z.array(jobView)),
  get: procedure.input(z.object({ job: jobId })).output(jobView),
  pause: procedure.input(mutation).output(jobView),
  resume: procedure.input(mutation).output(jobView),
  cancel: procedure.input(mutation).output(jobView),
  /** Stop training now, keep the best checkpoint and go on with the chain. */
  finish: procedure.input(mutation).output(jobView),
  retry: procedure.input(mutation).output(jobView),
  /** Puts a queued job before another queued one, or last. */
  move: procedure.input(mutation.extend({ before: jobId.nullable() })).output(jobView),
  /** Every change of every job, starting with the present state of each. */
  watch: procedure.output(eventIterator(jobView)),
};

/** A piece of a console. `skipped`: those bytes have left the replay ring, `runs.console` reads them from the file. */
export const consoleChunk = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), offset: z.number(), next: z.number(), text: z.string() }),
  z.object({ kind: z.literal('skipped'), from: z.number(), to: z.number() }),
]);
export type ConsoleChunk = z.infer<typeof consoleChunk>;

export const runProcedures = {
  /**
   * Page to catch up: events with `seq` > after, over all attempts in order. The request per page is the backpressure.
   * `types` leaves others out (a page of 500 interventions, not of 500 metrics); `last` moves on over what was left out.
   */
  eventsPage: procedure
    .input(
      z.object({
        job: jobId,
        after: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(2000).default(500),
        types: z.array(z.string().max(40)).max(20).nullable().default(null),
      }),
    )
    .output(eventBatch),
  /** Subscribe to stay: batches of at most 64 events or 50 ms; ends with `behind` when the reader is too slow. */
  subscribe: procedure
    .input(z.object({ job: jobId, after: z.number().int().min(0).default(0) }))
    .output(eventIterator(eventBatch)),
  /**
   * Metric series by name with at most `points` points each (minimum and maximum per bucket), of the steps from `from` to `to` alone where they are
   * given: how a long run is looked at from near. `total` is how many points there are in that span.
   */
  series: procedure
    .input(
      z.object({
        job: jobId,
        names: z.array(z.string().max(60)).min(1).max(12),
        points: z.number().int().min(10).max(5000).default(500),
        from: z.number().int().min(0).nullable().default(null),
        to: z.number().int().min(0).nullable().default(null),
      }),
    )
    .output(
      z.array(
        z.object({
          name: z.string(),
          steps: z.array(z.number()),
          values: z.array(z.number().nullable()),
          total: z.number().int().nonnegative(),
        }),
      ),
    ),
  /** The terminal's bytes as text, from an offset; `next` is where to go on. */
  console: procedure
    .input(
      z.object({
        job: jobId,
        offset: z.number().int().min(0).default(0),
        limitBytes: z.number().int().min(1).max(1_000_000).default(65_536),
      }),
    )
    .output(z.object({ text: z.string(), next: z.number(), end: z.number() })),
  /** The live console from an offset on; ends with the job. A slow reader holds nothing up but itself. */
  followConsole: procedure
    .input(z.object({ job: jobId, offset: z.number().int().min(0).default(0) }))
    .output(eventIterator(consoleChunk)),
};
