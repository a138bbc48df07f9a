import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  diffReport,
  type ChangeKind,
  type DiffReport,
  type RowChange,
  type VersionPair,
} from '#contract/dataset-diffs.ts';
import type { VersionReference } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { createQuestion, notLoaded, type Loaded } from '../create/loaded.ts';
import type { Reported } from './checks-store.ts';
import { failureIn } from './foundry-jobs.ts';
import { endOfJob } from './job-end.ts';
import { noRows, pagesMissing, rowsPerPage, withPage, type PagedRows } from './paged-rows.ts';

/** The two forms of a row; null where the version has none. */
export interface RowForms {
  readonly before: CanonicalRow | null;
  readonly after: CanonicalRow | null;
}

export interface DiffState {
  readonly pair: VersionPair | null;
  readonly diff: Reported<DiffReport>;
  /** The kind whose rows are listed. */
  readonly change: ChangeKind;
  readonly rows: PagedRows<RowChange>;
  readonly failure: ForgeErrorData | null;
  readonly selected: RowChange | null;
  readonly forms: Loaded<RowForms>;
  /** Shows what is known of these two; compares them where nothing is. */
  openPair(pair: VersionPair): Promise<void>;
  compare(): Promise<void>;
  stop(): Promise<void>;
  show(change: ChangeKind): void;
  /** Fetches what is missing of rows `first` to `end`. */
  need(first: number, end: number): void;
  retry(): void;
  select(row: RowChange | null): Promise<void>;
}

type Store = StoreApi<DiffState>;

const noReport: Reported<never> = { report: null, isRead: false, job: null, failure: null };
const noList = { rows: noRows, failure: null, selected: null, forms: notLoaded } as const;

export function isSamePair(one: VersionPair | null, other: VersionPair): boolean {
  const isSame = (a: VersionReference | undefined, b: VersionReference): boolean =>
    a?.name === b.name && a.version === b.version;
  return isSame(one?.before, other.before) && isSame(one?.after, other.after);
}

/** Two versions laid over each other. */
export function createDiffStore(engine: EngineAccess): Store {
  const store: Store = createStore<DiffState>(() => ({
    pair: null,
    diff: noReport,
    change: 'changed',
    ...noList,
    ...comparing(engine, () => store),
    ...listing(engine, () => store),
    async select(selected) {
      const { pair } = store.getState();
      store.setState({ selected, forms: notLoaded });
      if (selected === null || pair === null) return;
      await forms.ask(async (signal) => {
        const read = (reference: VersionReference, id: string | undefined): Promise<CanonicalRow | null> =>
          id === undefined
            ? Promise.resolve(null)
            : engine.call((client) => client.foundry.row({ ...reference, id }, { signal }));
        const [before, after] = await Promise.all([
          read(pair.before, selected.before?.id),
          read(pair.after, selected.after?.id),
        ]);
        return { before, after };
      });
    },
  }));
  const forms = createQuestion<RowForms>((change) => store.setState((now) => ({ forms: change(now.forms) })));
  return store;
}

function comparing(engine: EngineAccess, store: () => Store) {
  let working = new AbortController();
  const begin = (): AbortSignal => {
    working.abort();
    working = new AbortController();
    return working.signal;
  };
  const tell = (change: Partial<Reported<DiffReport>>): void =>
    store().setState(({ diff }) => ({ diff: { ...diff, ...change } }));
  const take = (report: DiffReport): void =>
    store().setState({ diff: { ...noReport, report, isRead: true }, change: mostTelling(report), ...noList });
  const compare = async (): Promise<void> => {
    const { pair } = store().getState();
    if (pair === null) return;
    const signal = begin();
    try {
      tell({ failure: null });
      const started = await engine.call((client) => client.dataDiffs.start({ ...pair, requestId: newRequestId() }));
      if (signal.aborted) return;
      const end = await endOfJob(engine, started, { signal, onJob: (job) => tell({ job }) });
      if (signal.aborted) return;
      const report = diffReport.safeParse(end.result).data ?? null;
      if (report !== null) take(report);
      else tell({ job: null, isRead: true, failure: failureIn(end) });
    } catch (error) {
      if (!signal.aborted) tell({ job: null, isRead: true, failure: failureOf(error) });
    }
  };
  return {
    compare,
    async openPair(pair: VersionPair): Promise<void> {
      if (isSamePair(store().getState().pair, pair)) return;
      const signal = begin();
      store().setState({ pair, diff: noReport, ...noList });
      try {
        const report = await engine.call((client) => client.dataDiffs.report(pair, { signal }));
        if (signal.aborted) return;
        if (report === null) await compare();
        else take(report);
      } catch (error) {
        if (!signal.aborted) tell({ failure: failureOf(error), isRead: true });
      }
    },
    async stop(): Promise<void> {
      begin();
      const { job } = store().getState().diff;
      tell({ job: null, isRead: true });
      if (job !== null)
        await engine.call((client) => client.foundry.cancel({ job: job.id, requestId: newRequestId() }));
    },
  };
}

/** What a person opens first: edits say most, then what came and went. */
function mostTelling(report: DiffReport): ChangeKind {
  return (['changed', 'added', 'removed', 'moved'] as const).find((kind) => report[kind] > 0) ?? 'changed';
}

/** Pages come as their rows come into sight. */
function listing(engine: EngineAccess, store: () => Store) {
  const wanted = new Set<string>();
  const fetchPage = async (page: number): Promise<void> => {
    const { pair, change, diff } = store().getState();
    if (pair === null || diff.report === null) return;
    const key = JSON.stringify([pair, diff.report.seconds, change, page]);
    if (wanted.has(key)) return;
    wanted.add(key);
    const isStill = (): boolean => {
      const now = store().getState();
      return now.pair === pair && now.change === change && now.diff.report === diff.report;
    };
    try {
      const input = { ...pair, change, offset: page * rowsPerPage, limit: rowsPerPage };
      const found = await engine.call((client) => client.dataDiffs.page(input));
      if (isStill()) store().setState(({ rows }) => ({ rows: withPage(rows, page, found), failure: null }));
    } catch (error) {
      if (isStill()) store().setState({ failure: failureOf(error) });
    } finally {
      wanted.delete(key);
    }
  };
  return {
    show(change: ChangeKind): void {
      if (store().getState().change !== change) store().setState({ change, ...noList });
    },
    need(first: number, end: number): void {
      const { rows, failure } = store().getState();
      if (failure !== null) return;
      for (const page of pagesMissing(rows, first, end)) void fetchPage(page);
    },
    retry(): void {
      const { failure, compare } = store().getState();
      store().setState({ failure: null });
      // Its files may be deleted at any time; they are made again.
      void (failure?.code === 'foundry.no-diff' ? compare() : fetchPage(0));
    },
  };
}
