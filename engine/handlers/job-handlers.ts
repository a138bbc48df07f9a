import { ForgeError } from '#contract/errors.ts';
import type { UnknownWorkerEvent } from '#contract/events.ts';
import type { JobEvent } from '#core/jobs/job-event.ts';
import { consolePage, consoleTexts } from '../jobs/console-text.ts';
import type { JobService } from '../jobs/job-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

const largestEventsPage = 1000;

/** `jobs.*` and `runs.*`: thin, because the job service already speaks in contract types. */
export function jobHandlers(jobs: JobService): Handlers<'jobs' | 'runs'> {
  const { jobs: job, runs } = forgeImplementer;
  return {
    jobs: {
      list: job.list.handler(({ input }) => [...jobs.list(input.limit)]),
      get: job.get.handler(({ input }) => jobs.get(input.job)),
      pause: job.pause.handler(({ input }) => jobs.pause(input.job)),
      resume: job.resume.handler(({ input }) => jobs.resume(input.job)),
      cancel: job.cancel.handler(({ input }) => jobs.cancel(input.job)),
      finish: job.finish.handler(({ input }) => jobs.finish(input.job)),
      retry: job.retry.handler(({ input }) => jobs.retry(input.job, input.requestId)),
      move: job.move.handler(({ input }) => jobs.reorder(input.job, { before: input.before })),
      watch: job.watch.handler(async function* ({ signal }) {
        for await (const change of jobs.watch(signal ?? neverAborted())) {
          if (change.kind === 'changed') yield change.job;
          else yield* change.jobs;
        }
      }),
    },
    runs: {
      eventsPage: runs.eventsPage.handler(({ input }) => {
        const { after, types } = input;
        const limit = Math.min(input.limit, largestEventsPage);
        const page = jobs.eventsPage(input.job, { after, limit, types });
        const batch = batchOf(page.events, after);
        // A page that is not full has seen everything up to the newest event, what was left out included.
        const sawAll = types !== null && page.events.length < limit;
        return sawAll ? { ...batch, last: Math.max(after, page.lastPosition) } : batch;
      }),
      subscribe: runs.subscribe.handler(async function* ({ input, signal }) {
        let last = input.after;
        for await (const batch of jobs.subscribe(input.job, { after: last }, signal ?? neverAborted())) {
          // `behind` repeats the last position handed out: the reader pages on from there and misses nothing.
          const next = batch.kind === 'behind' ? { events: [], last, behind: true } : batchOf(batch.events, last);
          last = next.last;
          yield next;
        }
      }),
      series: runs.series.handler(({ input }) =>
        jobs
          .series(input.job, input.names, { points: input.points, from: input.from, to: input.to })
          .map(({ name, steps, values, total }) => ({ name, steps: [...steps], values: [...values], total })),
      ),
      console: runs.console.handler(async ({ input }) => {
        const { attempt } = jobs.get(input.job);
        if (attempt === 0)
          throw new ForgeError('job.not-allowed', {
            action: 'show its console',
            state: 'queued',
            reason: 'it has not started',
            job: input.job,
          });
        const bytes = await jobs.consolePage(input.job, { attempt, offset: input.offset, limit: input.limitBytes });
        return consolePage(bytes, input);
      }),
      followConsole: runs.followConsole.handler(({ input, signal }) =>
        consoleTexts(jobs.attachConsole(input.job, { offset: input.offset }, signal ?? neverAborted())),
      ),
    },
  };
}

/** On the wire a batch carries the worker's events as they are; the cursor is the position over all attempts. */
function batchOf(
  events: readonly JobEvent[],
  after: number,
): { events: UnknownWorkerEvent[]; last: number; behind: boolean } {
  return { events: events.map(({ event }) => event), last: events.at(-1)?.position ?? after, behind: false };
}
