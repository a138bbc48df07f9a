import { ForgeError } from '#contract/errors.ts';
import { finalJobStates, jobStates, type JobState, type JobView } from '#contract/jobs.ts';
import { mayResumeItself } from '#core/jobs/auto-resume.ts';
import { viewOf, type JobRecord } from '#core/jobs/job-record.ts';
import { queuePositions } from '#core/jobs/queue.ts';
import { ConsoleStreams } from './console-streams.ts';
import { EventIngest } from './event-ingest.ts';
import { HostSupervisor } from './host-supervisor.ts';
import { JobMoves } from './job-moves.ts';
import { JobRunner } from './job-runner.ts';
import type { JobServiceOptions } from './job-service.ts';
import { JobWatch } from './job-watch.ts';
import { createJobStore, type JobStore } from './rebuild-index.ts';
import { WakeUps } from './wake-up.ts';

/** A watcher is shown at most this many jobs that are over; `jobs.list` pages further. */
const watchedJobs = 500;
const openStates = jobStates.filter((state) => !isFinal(state));

/** What the job service is made of, wired together. */
export interface JobParts {
  readonly store: JobStore;
  readonly ingest: EventIngest;
  readonly moves: JobMoves;
  readonly runner: JobRunner;
  readonly supervisor: HostSupervisor;
  readonly watch: JobWatch;
  readonly consoles: ConsoleStreams;
  readonly wakeUps: WakeUps;
  /** @throws ForgeError engine.not-found */
  find(jobId: string): JobRecord;
  view(record: JobRecord): JobView;
  /** Newest first; all without a limit. */
  views(limit?: number): readonly JobView[];
  /** What a watcher is shown first: the newest, and every one that is not over. */
  watchedViews(): readonly JobView[];
  /** No event can come any more. */
  isEnded(jobId: string): boolean;
  waitUntilSettled(jobId: string, signal: AbortSignal): Promise<JobView>;
  /** The number of the newest attempt once it has begun; 0 when the job ended without one, or the signal aborted. */
  waitUntilBegun(jobId: string, signal: AbortSignal): Promise<number>;
  stop(): Promise<void>;
}

export function composeJobs(
  options: JobServiceOptions & { readonly devices: readonly string[]; readonly threads: number },
): JobParts {
  const { clock, logger, database } = options;
  const store = createJobStore(database);
  const wakeUps = new WakeUps();
  const tellReaders = (jobId: string): void => {
    wakeUps.signal(jobId);
    watch.changed(jobId);
  };
  const ingest = new EventIngest({ index: store.index, clock, logger, onEvents: tellReaders });
  const moves = new JobMoves({
    ...options,
    repository: store.repository,
    onMoved: (record, effects) => {
      runner.onMoved(record, effects);
      tellReaders(record.file.job);
    },
  });
  const supervisor = new HostSupervisor({
    starter: options.hostStarter,
    clock,
    logger,
    onUp: () => {
      runner.onHostUp();
      consoles.onHostUp();
    },
    onMessage: (message) => {
      runner.onHostMessage(message);
      consoles.onHostMessage(message);
    },
  });
  const consoles = new ConsoleStreams((command) => supervisor.send(command));
  const runner = new JobRunner({ ...options, ...store, ingest, moves, supervisor });
  const questions = createQuestions(store, ingest, wakeUps);
  const watch = new JobWatch(clock, (jobId) => {
    const record = store.repository.find(jobId);
    return record === null ? null : questions.view(record);
  });
  const stop = async (): Promise<void> => {
    await runner.stop();
    wakeUps.signalAll();
  };
  return { store, ingest, moves, runner, supervisor, watch, consoles, wakeUps, ...questions, stop };
}

function createQuestions(store: JobStore, ingest: EventIngest, wakeUps: WakeUps) {
  const { repository, index } = store;
  const find = (jobId: string): JobRecord => {
    const record = repository.find(jobId);
    if (record === null) throw new ForgeError('engine.not-found', { kind: 'run', id: jobId, command: 'runs' });
    return record;
  };
  const view = (record: JobRecord, positions = positionsNow()): JobView => {
    const { file, machine } = record;
    return viewOf(record, ingest.progress(file.job, machine.attempt), positions.get(file.job) ?? null);
  };
  const positionsNow = (): ReadonlyMap<string, number> =>
    queuePositions(
      repository
        .listByState(['queued'])
        .map(({ file, queueRank }) => ({ id: file.job, device: file.device, queueRank })),
    );
  const viewsOf = (records: readonly JobRecord[]): readonly JobView[] => {
    const positions = positionsNow();
    return records.map((record) => view(record, positions));
  };
  const isSettled = ({ file, machine }: JobRecord): boolean => {
    if (isFinal(machine.name)) return true;
    if (machine.name !== 'interrupted') return false;
    const reachedSteps = index.reachedSteps(file.job);
    return !mayResumeItself(machine, file.autoResume, { reachedSteps });
  };
  return {
    find,
    view: (record: JobRecord): JobView => view(record),
    views: (limit?: number): readonly JobView[] => viewsOf(repository.list(limit)),
    watchedViews: (): readonly JobView[] => {
      const newest = repository.list(watchedJobs);
      const known = new Set(newest.map(({ file }) => file.job));
      return viewsOf([...newest, ...repository.listByState(openStates).filter(({ file }) => !known.has(file.job))]);
    },
    waitUntilBegun: async (jobId: string, signal: AbortSignal): Promise<number> => {
      // Only a started attempt has a terminal; before that the job host knows nothing to show.
      const hasBegun = ({ name }: JobRecord['machine']): boolean => name !== 'queued' && name !== 'preparing';
      const record = await wakeUps.until(jobId, signal, () => {
        const found = find(jobId);
        return hasBegun(found.machine) ? found : null;
      });
      return record?.machine.attempt ?? 0;
    },
    isEnded: (jobId: string): boolean => {
      const record = repository.find(jobId);
      return record === null || (isFinal(record.machine.name) && record.machine.lease === null);
    },
    waitUntilSettled: async (jobId: string, signal: AbortSignal): Promise<JobView> => {
      const settled = await wakeUps.until(jobId, signal, () => {
        const record = find(jobId);
        return isSettled(record) ? view(record) : null;
      });
      signal.throwIfAborted();
      if (settled === null) throw new Error(`the wait for ${jobId} ended without a reason`);
      return settled;
    },
  };
}

function isFinal(state: JobState): boolean {
  return (finalJobStates as readonly JobState[]).includes(state);
}
