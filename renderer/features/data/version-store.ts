import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  DatasetVersion,
  PagedRow,
  PageRequest,
  RejectEntry,
  VersionReference,
} from '#contract/dataset-versions.ts';
import type { ShownRow } from '#contract/dataset-preview.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';
import { createQuestion, notLoaded, type Loaded } from '../create/loaded.ts';
import { noRows, pagesMissing, rowsPerPage, withPage, type PagedRows } from './paged-rows.ts';

/** Which rows are listed, and in which order. */
export type RowQuery = Required<Pick<PageRequest, 'sort' | 'filter'>>;

export interface RejectList {
  readonly total: number;
  readonly rejects: readonly RejectEntry[];
  readonly reasons: readonly { readonly code: string; readonly count: number }[];
  /** The one reason that is listed; null lists all. */
  readonly code: string | null;
}

export interface VersionState {
  readonly reference: VersionReference | null;
  readonly version: Loaded<DatasetVersion>;
  readonly query: RowQuery;
  readonly rows: PagedRows<PagedRow>;
  /** The rows are of another query than `query` until its first page has come. */
  readonly isSearching: boolean;
  readonly failure: ForgeErrorData | null;
  /** Id of the row in the inspector. */
  readonly selected: string | null;
  readonly row: Loaded<CanonicalRow>;
  readonly shown: Loaded<ShownRow>;
  readonly rejects: Loaded<RejectList>;
  openVersion(reference: VersionReference): Promise<void>;
  /** Fetches what is missing of rows `first` to `end`. */
  need(first: number, end: number): void;
  ask(change: Partial<RowQuery>): Promise<void>;
  retry(): Promise<void>;
  select(id: string | null): Promise<void>;
  showAsModel(base: string | null): Promise<void>;
  loadRejects(code: string | null): Promise<void>;
  moreRejects(): Promise<void>;
}

type Store = StoreApi<VersionState>;

export const usualQuery: RowQuery = {
  sort: { by: 'place', descending: false },
  filter: { text: '', kind: null, flag: null, group: null, ids: null, study: null },
};

const rejectsPerPage = 200;

export function createVersionStore(engine: EngineAccess): Store {
  const store: Store = createStore<VersionState>((set) => ({
    ...nothing,
    async openVersion(reference) {
      const { reference: before } = store.getState();
      if (before?.name !== reference.name || before.version !== reference.version) set({ ...nothing, reference });
      await version.ask((signal) => engine.call((client) => client.foundry.version(reference, { signal })));
    },
    ...paging(engine, () => store),
    async select(id) {
      const { reference } = store.getState();
      set({ selected: id, row: notLoaded, shown: notLoaded });
      if (id === null || reference === null) return;
      await row.ask((signal) => engine.call((client) => client.foundry.row({ ...reference, id }, { signal })));
    },
    async showAsModel(base) {
      const { reference, selected } = store.getState();
      if (reference === null || selected === null) return;
      const input = { ...reference, id: selected, base };
      await shown.ask((signal) => engine.call((client) => client.foundry.showRow(input, { signal })));
    },
    ...rejecting(engine, () => store),
  }));
  const version = createQuestion<DatasetVersion>((change) =>
    store.setState((now) => ({ version: change(now.version) })),
  );
  const row = createQuestion<CanonicalRow>((change) => store.setState((now) => ({ row: change(now.row) })));
  const shown = createQuestion<ShownRow>((change) => store.setState((now) => ({ shown: change(now.shown) })));
  return store;
}

const nothing = {
  reference: null,
  version: notLoaded,
  query: usualQuery,
  rows: noRows,
  isSearching: false,
  failure: null,
  selected: null,
  row: notLoaded,
  shown: notLoaded,
  rejects: notLoaded,
} as const;

/** Pages come as their rows come into sight; a new query ends those of the one before. */
function paging(engine: EngineAccess, store: () => Store) {
  let asking = new AbortController();
  let wanted = new Set<number>();
  const fetchPage = async (page: number): Promise<void> => {
    const { reference, query } = store().getState();
    if (reference === null || wanted.has(page)) return;
    wanted.add(page);
    const [{ signal }, mine] = [asking, wanted];
    try {
      const input = { ...reference, ...query, offset: page * rowsPerPage, limit: rowsPerPage };
      const found = await engine.call((client) => client.foundry.page(input, { signal }));
      if (signal.aborted) return;
      store().setState(({ rows, isSearching }) => ({
        rows: withPage(isSearching ? noRows : rows, page, found),
        isSearching: false,
        failure: null,
      }));
    } catch (error) {
      if (!signal.aborted) store().setState({ failure: failureOf(error), isSearching: false });
    } finally {
      mine.delete(page);
    }
  };
  const begin = async (): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    wanted = new Set();
    await fetchPage(0);
  };
  return {
    need(first: number, end: number): void {
      const { rows, isSearching, failure } = store().getState();
      if (isSearching || failure !== null) return;
      for (const page of pagesMissing(rows, first, end)) void fetchPage(page);
    },
    async ask(change: Partial<RowQuery>): Promise<void> {
      store().setState(({ query }) => ({ query: { ...query, ...change }, isSearching: true, failure: null }));
      await begin();
    },
    async retry(): Promise<void> {
      store().setState({ isSearching: true, failure: null });
      await begin();
    },
  };
}

function rejecting(engine: EngineAccess, store: () => Store) {
  const question = createQuestion<RejectList>((change) =>
    store().setState((now) => ({ rejects: change(now.rejects) })),
  );
  const page = async (code: string | null, before: readonly RejectEntry[]): Promise<void> => {
    const { reference } = store().getState();
    if (reference === null) return;
    const input = { ...reference, offset: before.length, limit: rejectsPerPage, code };
    await question.ask(async (signal) => {
      const found = await engine.call((client) => client.foundry.rejects(input, { signal }));
      return { ...found, rejects: [...before, ...found.rejects], code };
    });
  };
  return {
    loadRejects: (code: string | null): Promise<void> => page(code, []),
    async moreRejects(): Promise<void> {
      const { value, isLoading } = store().getState().rejects;
      if (value === null || isLoading || value.rejects.length >= value.total) return;
      await page(value.code, value.rejects);
    },
  };
}
