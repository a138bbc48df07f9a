import type { KnownWorkerEvent, UnknownWorkerEvent } from '#contract/events.ts';

/** An event of a job as the engine hands it out. */
export interface JobEvent {
  /** 1, 2, ... over all attempts of the job, without gaps: the cursor of pages and subscriptions. */
  readonly position: number;
  readonly attempt: number;
  /** False when the type is not one of this version's: show it raw. */
  readonly known: boolean;
  readonly event: KnownWorkerEvent | UnknownWorkerEvent;
}

/** Where a page of single kinds of events begins. */
export interface TypedPlace {
  readonly types: readonly string[];
  readonly after: number;
  readonly limit: number;
}

/** A page of the event log, oldest first. */
export interface JobEventPage {
  readonly events: readonly JobEvent[];
  /** Position of the newest event there is; the caller has all when its last position equals it. */
  readonly lastPosition: number;
}

/** What a subscription yields: up to 64 events, or the word that the reader fell behind (it pages again). */
export type JobEventBatch =
  | { readonly kind: 'events'; readonly events: readonly JobEvent[] }
  | { readonly kind: 'behind'; readonly lastPosition: number };

/** One metric over the steps of a job, thinned to a point budget by minimum and maximum per bucket. */
export interface MetricSeries {
  readonly name: string;
  readonly steps: readonly number[];
  /** Same length as `steps`; null where the value was NaN or infinite. */
  readonly values: readonly (number | null)[];
  /** Points there are before thinning. */
  readonly total: number;
}
