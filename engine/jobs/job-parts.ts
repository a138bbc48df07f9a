import { ForgeError } from '#contract/errors.ts';
import { finalJobStates, type JobState, type JobView } from '#contract/jobs.ts';
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
  views(): readonly JobView[];
  /** No event can come any more. */
  isEnded(jobId: string): boolean;
  waitUntilSettled(jobId: string, signal: AbortSignal): Promise<JobView>;
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
  const isSettled = ({ file, machine }: JobRecord): boolean => {
    if (isFinal(machine.name)) return true;
    if (machine.name !== 'interrupted') return false;
    const reachedSteps = index.reachedSteps(file.job);
    return !mayResumeItself(machine, file.autoResume, { reachedSteps });
  };
  return {
    find,
    view: (record: JobRecord): JobView => view(record),
    views: (): readonly JobView[] => {
      const positions = positionsNow();
      return repository.list().map((record) => view(record, positions));
    },
    isEnded: (jobId: string): boolean => {
      const record = repository.find(jobId);
      return record === null || (isFinal(record.machine.name) && record.machine.lease === null);
    },
    waitUntilSettled: async (jobId: string, signal: AbortSignal): Promise<JobView> => {
      const { wakeUp, release } = wakeUps.acquire(jobId);
      try {
        for (;;) {
          signal.throwIfAborted();
          const { version } = wakeUp;
          const record = find(jobId);
          if (isSettled(record)) return view(record);
          await wakeUp.after(version, signal);
        }
      } finally {
        release();
      }
    },
  };
}

function isFinal(state: JobState): boolean {
  return (finalJobStates as readonly JobState[]).includes(state);
}
