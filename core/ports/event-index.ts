import type { JobEvent, JobEventPage, MetricSeries, TypedPlace } from '../jobs/job-event.ts';
import type { JobPhase, MetricPoint } from '../jobs/event-facts.ts';
import type { JobProgress } from '../jobs/job-record.ts';
import type { TailLosses } from './job-host.ts';

/** How far the events of an attempt were taken in. */
export interface EventCursor {
  readonly nextOffset: number;
  readonly lastSeq: number;
  /** Highest step seen in the attempt, 0 when none. */
  readonly reachedStep: number;
  readonly losses: TailLosses;
  /** Lines whose `seq` had been seen already. */
  readonly duplicates: number;
}

/** What is added to the index of one job in one transaction. */
export interface EventAddition {
  readonly jobId: string;
  readonly attempt: number;
  /** Positions go on from the last one without a gap. */
  readonly events: readonly JobEvent[];
  readonly points: readonly MetricPoint[];
  readonly cursor: EventCursor;
  /** Newest phase of the attempt and newest step of the job. */
  readonly phase: JobPhase | null;
  readonly step: number | null;
}

/** Which part of a series is wanted, and how fine. */
export interface SeriesSpan {
  /** At least 5. */
  readonly points: number;
  /** First and last step; absent or null: without a bound. */
  readonly from?: number | null;
  readonly to?: number | null;
}

/** The index of the event files. Rebuilt from them when lost. */
export interface EventIndex {
  append(additions: readonly EventAddition[]): void;
  page(jobId: string, after: number, limit: number): JobEventPage;
  /** Events of these types alone, in order; found by type, not sorted out of all. */
  pageOfTypes(jobId: string, place: TypedPlace): readonly JobEvent[];
  lastPosition(jobId: string): number;
  cursor(jobId: string, attempt: number): EventCursor | null;
  /** Highest step reported, by attempt. */
  reachedSteps(jobId: string): ReadonlyMap<number, number>;
  progress(jobId: string): JobProgress & { readonly attempt: number };
  /** The `hello`, `done` and `failed` events of an attempt, in order. */
  verdicts(jobId: string, attempt: number): readonly JobEvent[];
  series(jobId: string, names: readonly string[], span: SeriesSpan): readonly MetricSeries[];
}
