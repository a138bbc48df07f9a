import { createStore, type StoreApi } from 'zustand/vanilla';
import { splitReport, type SplitReport } from '#contract/dataset-checks.ts';
import type { FoundryJob, SplitChoice, VersionReference } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { StudyReport } from '#contract/study.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { failureIn } from './foundry-jobs.ts';
import { endOfJob } from './job-end.ts';

/** Long work whose outcome is one report. */
export interface Reported<R> {
  /** The last one there is; null before that. */
  readonly report: R | null;
  /** Whether it is known that there is none. */
  readonly isRead: boolean;
  readonly job: FoundryJob | null;
  readonly failure: ForgeErrorData | null;
}

export interface ChecksState {
  readonly reference: VersionReference | null;
  readonly study: Reported<StudyReport>;
  readonly choice: SplitChoice;
  /** Of `choice` as it was when it was counted. */
  readonly split: Reported<SplitReport>;
  openFor(reference: VersionReference): void;
  readStudy(): Promise<void>;
  makeStudy(): Promise<void>;
  choose(choice: SplitChoice): void;
  countSplit(): Promise<void>;
  stop(): Promise<void>;
  /** A version with this split and all its rows. Rejects as the engine does. */
  freezeSplit(): Promise<FoundryJob>;
}

const none: Reported<never> = { report: null, isRead: false, job: null, failure: null };
const usualSplit: SplitChoice = { seed: 17, validationShare: 0.1, testShare: 0.1 };
const nothing = { reference: null, study: none, choice: usualSplit, split: none } as const;

export function createChecksStore(engine: EngineAccess): StoreApi<ChecksState> {
  let working = new AbortController();
  const begin = (): AbortSignal => {
    working.abort();
    working = new AbortController();
    return working.signal;
  };
  const store: StoreApi<ChecksState> = createStore<ChecksState>((set, get) => ({
    ...nothing,
    openFor(reference) {
      const { reference: before } = get();
      if (before?.name === reference.name && before.version === reference.version) return;
      begin();
      set({ ...nothing, reference });
    },
    ...studying(engine, () => store, begin),
    choose: (choice) => set({ choice, split: { ...none, isRead: true } }),
    ...splitting(engine, () => store, begin),
    async stop() {
      begin();
      const job = get().study.job ?? get().split.job;
      set(({ study, split }) => ({ study: { ...study, job: null }, split: { ...split, job: null } }));
      if (job !== null)
        await engine.call((client) => client.foundry.cancel({ job: job.id, requestId: newRequestId() }));
    },
  }));
  return store;
}

function studying(engine: EngineAccess, store: () => StoreApi<ChecksState>, begin: () => AbortSignal) {
  const tell = (change: Partial<Reported<StudyReport>>): void =>
    store().setState(({ study }) => ({ study: { ...study, ...change } }));
  const read = async (reference: VersionReference): Promise<void> => {
    const report = await engine.call((client) => client.foundry.studyReport(reference));
    if (store().getState().reference === reference) tell({ report, isRead: true, job: null, failure: null });
  };
  return {
    async readStudy(): Promise<void> {
      const { reference } = store().getState();
      if (reference === null) return;
      try {
        await read(reference);
      } catch (error) {
        tell({ failure: failureOf(error), isRead: true });
      }
    },
    async makeStudy(): Promise<void> {
      const { reference } = store().getState();
      if (reference === null) return;
      const signal = begin();
      const request = { version: reference, files: null, base: null };
      try {
        tell({ failure: null });
        const job = await engine.call((client) => client.foundry.study({ request, requestId: newRequestId() }));
        const end = await endOfJob(engine, job, { signal, onJob: (now) => tell({ job: now }) });
        if (signal.aborted) return;
        const failure = failureIn(end);
        if (failure === null && end.state === 'done') await read(reference);
        else tell({ job: null, failure });
      } catch (error) {
        if (!signal.aborted) tell({ job: null, failure: failureOf(error) });
      }
    },
  };
}

function splitting(engine: EngineAccess, store: () => StoreApi<ChecksState>, begin: () => AbortSignal) {
  const tell = (change: Partial<Reported<SplitReport>>): void =>
    store().setState(({ split }) => ({ split: { ...split, ...change } }));
  return {
    async countSplit(): Promise<void> {
      const { reference, choice } = store().getState();
      if (reference === null) return;
      const signal = begin();
      const request = { ...reference, check: 'split' as const, ...choice };
      try {
        tell({ failure: null });
        const job = await engine.call((client) => client.foundry.check({ request, requestId: newRequestId() }));
        const end = await endOfJob(engine, job, { signal, onJob: (now) => tell({ job: now }) });
        if (signal.aborted) return;
        const report = splitReport.safeParse(end.result).data ?? null;
        tell({ report, isRead: true, job: null, failure: failureIn(end) });
      } catch (error) {
        if (!signal.aborted) tell({ job: null, failure: failureOf(error) });
      }
    },
    async freezeSplit(): Promise<FoundryJob> {
      const { reference, choice } = store().getState();
      if (reference === null) throw new Error('There is no version to split.');
      const input = { ...reference, steps: [], as: null, split: choice, requestId: newRequestId() };
      return engine.call((client) => client.foundry.freeze(input));
    },
  };
}
