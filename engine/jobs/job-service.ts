import type { DeviceKind, JobView, ResultFile, WorkerKind } from '#contract/jobs.ts';
import type { JobEventBatch, JobEventPage, MetricSeries } from '#core/jobs/job-event.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { AttemptCommand, JobHostStarter } from '#core/ports/job-host.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { Database } from '#native-bridge/storage/database.ts';

/** What a caller asks for. */
export interface JobSubmission {
  readonly kind: WorkerKind;
  /** For people; at most 200 characters. */
  readonly name: string;
  /** By kind, see docs/worker-protocol.md. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly device: DeviceKind;
  /** Compute threads; default: all the engine grants a lone job. */
  readonly threads?: number;
  /** Default 0. */
  readonly seed?: number;
  /** An interrupted attempt is continued without being asked. Default true. */
  readonly autoResume?: boolean;
  /** Threads wait without spinning, because a server or second worker may share the machine. Default true. */
  readonly passiveWait?: boolean;
  /** Repeating an id returns the job of the first call. */
  readonly requestId: string;
}

/** A piece of console output. `skipped` bytes have left the replay ring: read them with `consolePage`. */
export type ConsoleChunk =
  | { readonly kind: 'bytes'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'skipped'; readonly from: number; readonly to: number };

/** What `watch` yields: all jobs first, then each job that changed (the newest view only). */
export type JobChange =
  | { readonly kind: 'snapshot'; readonly jobs: readonly JobView[] }
  | { readonly kind: 'changed'; readonly job: JobView };

/** Where a job stands in the queue after a move: before another queued job, or last when null. */
export interface QueueMove {
  readonly before: string | null;
}

/**
 * Jobs, from submission to a proven result. Every method throws `ForgeError` `engine.not-found` for an unknown job and
 * `job.not-allowed` for an action the state does not offer.
 */
export interface JobService {
  /** Adopts or converges what an earlier engine left, then begins to start jobs. */
  start(): Promise<void>;
  /** Lets go: workers keep running and are adopted by the next start. Repeatable. */
  stop(): Promise<void>;
  submit(submission: JobSubmission): JobView;
  get(jobId: string): JobView;
  /** Newest first. */
  list(): readonly JobView[];
  pause(jobId: string): JobView;
  resume(jobId: string): JobView;
  cancel(jobId: string): JobView;
  /** Stop training now, keep the best checkpoint and go on to the end. */
  finish(jobId: string): JobView;
  /** An interrupted job goes on as its next attempt; a failed or cancelled one is submitted again as a new job. */
  retry(jobId: string, requestId: string): JobView;
  /** Gives an interrupted job up. */
  discard(jobId: string): JobView;
  reorder(jobId: string, move: QueueMove): JobView;
  /** Events with a position above `after`, at most `limit` (1..1000). */
  eventsPage(jobId: string, page: { after: number; limit: number }): JobEventPage;
  /** The tail after a position; ends when the job is final and all was handed out, or after `behind`. */
  subscribe(jobId: string, from: { after: number }, signal: AbortSignal): AsyncIterable<JobEventBatch>;
  watch(signal: AbortSignal): AsyncIterable<JobChange>;
  /** At most `pointBudget` (2..100,000) points per name; unknown names give empty series. */
  series(jobId: string, names: readonly string[], pointBudget: number): readonly MetricSeries[];
  /** The live console of the newest attempt, from a byte offset. */
  attachConsole(jobId: string, from: { offset: number }, signal: AbortSignal): AsyncIterable<ConsoleChunk>;
  /** Bytes of an attempt's console.log; shorter than `limit` at its end. */
  consolePage(jobId: string, page: { attempt: number; offset: number; limit: number }): Promise<Uint8Array>;
  /** Waits for a final state, or for `interrupted` where no automatic resume follows. Rejects with the signal's reason. */
  waitUntilSettled(jobId: string, signal: AbortSignal): Promise<JobView>;
  /** The result of a succeeded job, whose artefacts were verified. Throws `job.no-result` otherwise. */
  result(jobId: string): Promise<ResultFile>;
}

export interface JobServiceOptions {
  /** FORGE_HOME, absolute; runs live in `<home>/runs`. */
  readonly home: string;
  readonly database: Database;
  readonly hostStarter: JobHostStarter;
  /** Command line and whole environment of the interpreter; the attempt directory is appended to `args`. */
  readonly python: (device: DeviceKind) => AttemptCommand;
  readonly clock: Clock;
  /** A new id, unique and usable as a folder name ([a-z0-9-]). */
  readonly newId: () => string;
  readonly logger: Logger;
  /** Lease rows: "cpu", "cuda:0", "mlx". Default ["cpu"]. */
  readonly devices?: readonly string[];
  /** Threads a lone job gets; give the physical cores. Default: what the system reports. */
  readonly threads?: number;
}
