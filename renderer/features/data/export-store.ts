import { createStore, type StoreApi } from 'zustand/vanilla';
import { dataExportReport, type DataExportReport, type DataFormat } from '#contract/data-exports.ts';
import type { FoundryJob, VersionReference } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { failureIn } from './foundry-jobs.ts';
import { endOfJob } from './job-end.ts';

export interface ExportState {
  readonly reference: VersionReference | null;
  readonly format: DataFormat;
  /** Absolute path of the folder to make, as typed. */
  readonly to: string;
  readonly overwrite: boolean;
  /** What this format cannot carry of this version; null while that is not known. */
  readonly check: DataExportReport | null;
  readonly isChecking: boolean;
  readonly job: FoundryJob | null;
  /** What was written last. */
  readonly done: DataExportReport | null;
  readonly failure: ForgeErrorData | null;
  openFor(reference: VersionReference): void;
  change(change: Partial<Pick<ExportState, 'format' | 'to' | 'overwrite'>>): void;
  /** Tells what the format cannot carry, before anything is written. */
  look(): Promise<void>;
  write(): Promise<void>;
  stop(): Promise<void>;
}

const nothing = {
  reference: null,
  format: 'trl',
  to: '',
  overwrite: false,
  check: null,
  isChecking: false,
  job: null,
  done: null,
  failure: null,
} as const;

type Store = StoreApi<ExportState>;

export function createExportStore(engine: EngineAccess): Store {
  const store: Store = createStore<ExportState>((set, get) => ({
    ...nothing,
    openFor(reference) {
      const { reference: before } = get();
      if (before?.name !== reference.name || before.version !== reference.version) set({ ...nothing, reference });
    },
    change(change) {
      const isOther = change.format !== undefined && change.format !== get().format;
      set({ ...change, done: null, failure: null, ...(isOther && { check: null }) });
      if (isOther) void get().look();
    },
    ...running(engine, () => store),
  }));
  return store;
}

function running(engine: EngineAccess, store: () => Store) {
  // A look at another format ends the look before, never the writing.
  const working = { check: new AbortController(), write: new AbortController() };
  const run = async (mode: 'check' | 'write', onJob: (job: FoundryJob) => void): Promise<DataExportReport | null> => {
    working[mode].abort();
    working[mode] = new AbortController();
    const { signal } = working[mode];
    const { reference, format, to, overwrite } = store().getState();
    if (reference === null) return null;
    // Where to does not matter before anything is written.
    const place = mode === 'check' && to.trim() === '' ? '/' : to.trim();
    const request = { ...reference, format, to: place, mode, overwrite, split: null };
    try {
      const started = await engine.call((client) => client.dataExports.run({ request, requestId: newRequestId() }));
      const end = await endOfJob(engine, started, { signal, onJob });
      if (signal.aborted) return null;
      store().setState({ failure: failureIn(end) });
      return dataExportReport.safeParse(end.result).data ?? null;
    } catch (error) {
      if (!signal.aborted) store().setState({ failure: failureOf(error) });
      return null;
    }
  };
  return {
    async look(): Promise<void> {
      const { format } = store().getState();
      store().setState({ isChecking: true, failure: null });
      const check = await run('check', () => undefined);
      // Another format may have been chosen meanwhile: its own look goes on.
      if (store().getState().format === format)
        store().setState({ isChecking: false, ...(check !== null && { check }) });
    },
    async write(): Promise<void> {
      store().setState({ done: null, failure: null });
      const done = await run('write', (job) => store().setState({ job }));
      store().setState({ job: null, done });
    },
    async stop(): Promise<void> {
      working.write.abort();
      const { job } = store().getState();
      store().setState({ job: null });
      if (job !== null)
        await engine.call((client) => client.foundry.cancel({ job: job.id, requestId: newRequestId() }));
    },
  };
}

/** Whether what was typed can be a folder to make: an absolute path of any system. */
export function isFolderPath(typed: string): boolean {
  return /^(\/.|[a-z]:[\\/].|\\\\.)/i.test(typed.trim());
}
