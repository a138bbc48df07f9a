import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { DeviceKind, JobView, ResultFile, WorkerKind } from '#contract/jobs.ts';
import type { JobEventBatch, JobEventPage, MetricSeries } from '#core/jobs/job-event.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { SeriesSpan } from '#core/ports/event-index.ts';
import type { AttemptCommand, JobHostStarter } from '#core/ports/job-host.ts';
import type { Logger } from '#core/ports/logger.ts';
import { readFilePage } from '#native-bridge/files/read-file-page.ts';
import { attemptDirectory, attemptFiles, readResultFile } from '#native-bridge/files/run-directory.ts';
import type { Database } from '#native-bridge/storage/database.ts';
import { runName } from './attempt-starter.ts';
import type { ConsoleChunk } from './console-streams.ts';
import { subscribeToEvents } from './event-subscription.ts';
import { composeJobs, type JobParts } from './job-parts.ts';
import { createJobActions } from './job-actions.ts';
import type { JobChange } from './job-watch.ts';
import { importMissingJobs } from './rebuild-index.ts';

export type { ConsoleChunk } from './console-streams.ts';
export type { JobChange } from './job-watch.ts';

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

/** Where a job stands in the queue after a move: before another queued job, or last when null. */
export interface QueueMove {
  readonly before: string | null;
}

/** A page of events. */
export interface EventPlace {
  readonly after: number;
  readonly limit: number;
  readonly types?: readonly string[] | null;
}

export interface RunningAttempt {
  readonly job: string;
  readonly directory: string;
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
  /** Newest first; all without a limit. */
  list(limit?: number): readonly JobView[];
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
  /** Events with a position above `after`, at most `limit` (1..1000), of these types alone unless null or absent. */
  eventsPage(jobId: string, page: EventPlace): JobEventPage;
  /** The tail after a position; ends when the job is final and all was handed out, or after `behind`. */
  subscribe(jobId: string, from: { after: number }, signal: AbortSignal): AsyncIterable<JobEventBatch>;
  /** The newest 500 and all that are not over yet, then every change. */
  watch(signal: AbortSignal): AsyncIterable<JobChange>;
  /** At most `points` (5..100,000) of each name within the span; unknown names give empty series. */
  series(jobId: string, names: readonly string[], span: SeriesSpan): readonly MetricSeries[];
  /** Jobs that have or may have a process, with the folder of its attempt. */
  running(): readonly RunningAttempt[];
  /** The live console of the newest attempt, from a byte offset; waits for the first one. Ends with that attempt. */
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

const maximumPage = 1_000;
/** States in which a worker may have a process. */
const processStates = ['preparing', 'running', 'pausing', 'stopping', 'finishing'] as const;
const maximumConsolePageBytes = 1_048_576;

/** The job service of one engine on one home (hold the home lock). Nothing happens before `start`. */
export function createJobService(options: JobServiceOptions): JobService {
  const devices = options.devices ?? ['cpu'];
  const parts = composeJobs({ ...options, devices, threads: options.threads ?? availableParallelism() });
  return {
    start: async () => {
      await importMissingJobs(options.home, parts.store, options.logger);
      parts.runner.start();
    },
    stop: () => parts.stop(),
    ...createJobActions(parts, { ...options, devices }),
    ...createReaders(options.home, parts, options.clock),
  };
}

type Readers = Pick<
  JobService,
  | 'get'
  | 'list'
  | 'running'
  | 'eventsPage'
  | 'subscribe'
  | 'watch'
  | 'series'
  | 'attachConsole'
  | 'consolePage'
  | 'waitUntilSettled'
  | 'result'
>;

function createReaders(home: string, parts: JobParts, clock: Clock): Readers {
  const { ingest, store } = parts;
  const isEnded = (jobId: string): boolean => parts.isEnded(jobId);
  const source = { page: ingest.page.bind(ingest), isEnded, wakeUps: parts.wakeUps, clock };
  return {
    get: (jobId) => parts.view(parts.find(jobId)),
    list: (limit) => parts.views(limit),
    running: () =>
      store.repository.listByState(processStates).map(({ file, machine }) => ({
        job: file.job,
        directory: attemptDirectory(home, file.job, machine.attempt),
      })),
    eventsPage: (jobId, { after, limit, types = null }) => {
      parts.find(jobId);
      const most = Math.min(Math.max(1, limit), maximumPage);
      return types === null
        ? ingest.page(jobId, after, most)
        : ingest.pageOfTypes(jobId, { types, after, limit: most });
    },
    subscribe: (jobId, { after }, signal) => {
      parts.find(jobId);
      return subscribeToEvents(source, { jobId, after }, signal);
    },
    watch: (signal) => parts.watch.watch(() => parts.watchedViews(), signal),
    series: (jobId, names, span) => {
      parts.find(jobId);
      ingest.flush();
      return store.index.series(jobId, names, { ...span, points: Math.min(Math.max(5, span.points), 100_000) });
    },
    attachConsole: async function* (jobId, { offset }, signal) {
      const attempt = await parts.waitUntilBegun(jobId, signal);
      if (attempt === 0) return;
      const place = { run: runName(jobId, attempt), directory: attemptDirectory(home, jobId, attempt), offset };
      yield* parts.consoles.attach(place, signal);
    },
    consolePage: (jobId, { attempt, offset, limit }) => {
      parts.find(jobId);
      const path = join(attemptDirectory(home, jobId, attempt), attemptFiles.console);
      return readFilePage(path, offset, Math.min(Math.max(0, limit), maximumConsolePageBytes));
    },
    waitUntilSettled: (jobId, signal) => parts.waitUntilSettled(jobId, signal),
    result: (jobId) => readResult(home, parts, jobId),
  };
}

async function readResult(home: string, parts: JobParts, jobId: string): Promise<ResultFile> {
  const { name, attempt } = parts.find(jobId).machine;
  if (name !== 'succeeded') throw new ForgeError('job.no-result', { job: jobId, state: name });
  const directory = attemptDirectory(home, jobId, attempt);
  const read = await readResultFile(directory);
  if (read.kind === 'read') return read.value;
  const reason = read.kind === 'absent' ? 'it is missing' : read.reason;
  throw new ForgeError('job.artefact-mismatch', { path: join(directory, attemptFiles.result), job: jobId, reason });
}
