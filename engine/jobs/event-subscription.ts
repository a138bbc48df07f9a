import type { JobEventBatch, JobEventPage } from '#core/jobs/job-event.ts';
import type { Clock } from '#core/ports/clock.ts';
import { behindEvents } from './job-log.ts';
import type { WakeUps } from './wake-up.ts';

/** A batch is handed out when it has this many events, or this long after its first one. */
export const batchEvents = 64;
export const batchMs = 50;

export interface SubscriptionSource {
  readonly page: (jobId: string, after: number, limit: number) => JobEventPage;
  /** True when no event can come any more. */
  readonly isEnded: (jobId: string) => boolean;
  readonly wakeUps: WakeUps;
  readonly clock: Clock;
}

export interface SubscriptionPlace {
  readonly jobId: string;
  readonly after: number;
}

/**
 * The tail of a job's log. There is no queue per reader: each is a cursor over the log, so a slow one costs nothing; one
 * that is more than 5,000 events behind is told so and ends.
 */
export async function* subscribeToEvents(
  source: SubscriptionSource,
  { jobId, after }: SubscriptionPlace,
  signal: AbortSignal,
): AsyncGenerator<JobEventBatch, void, undefined> {
  const { wakeUp, release } = source.wakeUps.acquire(jobId);
  try {
    for (let cursor = after; !signal.aborted;) {
      const { version } = wakeUp;
      // Asked before the page is read: what comes between the two is seen in the next round.
      const ended = source.isEnded(jobId);
      const page = source.page(jobId, cursor, batchEvents);
      if (page.lastPosition - cursor > behindEvents) {
        yield { kind: 'behind', lastPosition: page.lastPosition };
        return;
      }
      if (page.events.length === 0 && ended) return;
      if (page.events.length === 0) await wakeUp.after(version, signal);
      else if (
        page.events.length < batchEvents &&
        !ended &&
        !(await gathered(source, { jobId, after: cursor }, signal))
      ) {
        return;
      } else {
        const { events } = page.events.length < batchEvents ? source.page(jobId, cursor, batchEvents) : page;
        cursor = events.at(-1)?.position ?? cursor;
        yield { kind: 'events', events };
      }
    }
  } finally {
    release();
  }
}

/** Waits until the batch is full or its time is up. False when the reader left. */
async function gathered(source: SubscriptionSource, place: SubscriptionPlace, signal: AbortSignal): Promise<boolean> {
  const { wakeUp, release } = source.wakeUps.acquire(place.jobId);
  const deadline = new AbortController();
  const timer = source.clock.after(batchMs, () => deadline.abort());
  const either = AbortSignal.any([signal, deadline.signal]);
  try {
    while (!either.aborted) {
      const { version } = wakeUp;
      if (source.page(place.jobId, place.after, batchEvents).events.length === batchEvents) break;
      if (source.isEnded(place.jobId)) break;
      await wakeUp.after(version, either);
    }
    return !signal.aborted;
  } finally {
    timer.cancel();
    release();
  }
}
