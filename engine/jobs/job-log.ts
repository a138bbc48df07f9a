import {
  beginAttempt,
  foldEvents,
  noLosses,
  type EventLogState,
  type FoldedEvents,
  type TailedBatch,
} from '#core/jobs/event-fold.ts';
import type { MetricPoint } from '#core/jobs/event-facts.ts';
import type { JobEvent, JobEventPage, TypedPlace } from '#core/jobs/job-event.ts';
import type { EventAddition, EventIndex } from '#core/ports/event-index.ts';
import type { TailLosses } from '#core/ports/job-host.ts';

/** A reader further behind than this pages first. */
export const behindEvents = 5_000;

/**
 * The event log of one job in memory: numbers what comes in, holds what the index does not have yet, and the newest
 * events for readers of the tail.
 */
export class JobLog {
  readonly #jobId: string;
  readonly #index: EventIndex;
  #state: EventLogState;
  #lossesBefore: TailLosses;
  #pendingEvents: JobEvent[] = [];
  #pendingPoints: MetricPoint[] = [];
  #dirty = false;
  /** Newest events, without a gap up to the last position; holds at least all pending ones. */
  #recent: JobEvent[] = [];

  constructor(jobId: string, attempt: number, index: EventIndex) {
    this.#jobId = jobId;
    this.#index = index;
    const progress = index.progress(jobId);
    const start = beginAttempt(attempt, { lastPosition: index.lastPosition(jobId), step: progress.step });
    const cursor = index.cursor(jobId, attempt);
    const phase = progress.attempt === attempt ? progress.phase : null;
    this.#state = cursor === null ? start : { ...start, cursor, phase };
    this.#lossesBefore = cursor?.losses ?? noLosses;
  }

  get state(): EventLogState {
    return this.#state;
  }

  get pendingCount(): number {
    return this.#pendingEvents.length;
  }

  beginAttempt(attempt: number): void {
    if (attempt === this.#state.attempt) return;
    this.#state = beginAttempt(attempt, this.#state);
    this.#lossesBefore = noLosses;
  }

  /** A new tail begins at the cursor: its losses count on from here. @returns the byte offset to read from */
  beginTail(): number {
    this.#lossesBefore = this.#state.cursor.losses;
    return this.#state.cursor.nextOffset;
  }

  take(batch: TailedBatch): FoldedEvents {
    const folded = foldEvents(this.#state, batch, this.#lossesBefore);
    this.#state = folded.state;
    this.#pendingEvents.push(...folded.events);
    this.#pendingPoints.push(...folded.points);
    this.#recent.push(...folded.events);
    this.#dirty = true;
    this.#trim();
    return folded;
  }

  /** What the index lacks, or null. Call `stored` once it is there. */
  pending(): EventAddition | null {
    if (!this.#dirty || isUntouched(this.#state)) return null;
    const { attempt, cursor, phase, step } = this.#state;
    const events = this.#pendingEvents;
    return { jobId: this.#jobId, attempt, events, points: this.#pendingPoints, cursor, phase, step };
  }

  stored(): void {
    this.#pendingEvents = [];
    this.#pendingPoints = [];
    this.#dirty = false;
    this.#trim();
  }

  page(after: number, limit: number): JobEventPage {
    const { lastPosition } = this.#state;
    const first = this.#recent[0]?.position ?? lastPosition + 1;
    if (after + 1 < first) return { events: this.#index.page(this.#jobId, after, limit).events, lastPosition };
    const start = after + 1 - first;
    return { events: this.#recent.slice(start, start + limit), lastPosition };
  }

  /** As `page`, of these types alone. What the index does not have yet comes from memory. */
  pageOfTypes(place: TypedPlace): JobEventPage {
    const { types, after, limit } = place;
    const { lastPosition } = this.#state;
    const first = this.#recent[0]?.position ?? lastPosition + 1;
    const older =
      after + 1 < first ? this.#index.pageOfTypes(this.#jobId, place).filter(({ position }) => position < first) : [];
    const wanted = new Set(types);
    const newer = this.#recent.filter(({ position, event }) => position > after && wanted.has(event.type));
    return { events: [...older, ...newer].slice(0, limit), lastPosition };
  }

  #trim(): void {
    const surplus = this.#recent.length - Math.max(behindEvents, this.#pendingEvents.length);
    // In large steps: moving the array for every event would cost more than the memory.
    if (surplus > behindEvents / 10) this.#recent.splice(0, surplus);
  }
}

/** Nothing was ever read of the attempt: no row is written, as none is after a rebuild. */
function isUntouched({ cursor }: EventLogState): boolean {
  const { malformed, oversized, refused, torn } = cursor.losses;
  return cursor.nextOffset === 0 && malformed + oversized + refused + torn === 0;
}
