import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { MainJobPage, MainJobQuery, MainJobView } from '#contract/main-job.ts';
import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';
import { noFilter, type RunFilter } from './selectors.ts';

/** What the engine sorts by; null is its own order, newest first. */
export interface FinishedSort {
  readonly column: MainJobQuery['sort'];
  readonly descending: boolean;
}

/** Runs that are over, as far down as somebody has scrolled. The engine sorts and filters them. */
export interface FinishedState {
  readonly filter: RunFilter;
  readonly sort: FinishedSort | null;
  /** Null before the first page has come. */
  readonly rows: readonly MainJobView[] | null;
  /** That match the filter. */
  readonly total: number;
  /** That are over at all. */
  readonly all: number;
  readonly failure: ForgeErrorData | null;
  look(change: { readonly filter?: RunFilter; readonly sort?: FinishedSort | null }): void;
  /** Reads on below the last row. */
  more(): void;
  /** Reads again what is shown: something ended or was removed. */
  refresh(): Promise<void>;
}

const pageRows = 100;
const largestPage = 200;

export function createFinishedStore(engine: EngineAccess): StoreApi<FinishedState> {
  let asked = 0;
  let isReadingOn = false;
  const page = (offset: number, limit: number): Promise<MainJobPage> =>
    engine.call((client) => client.mainJobs.page({ ...queryOf(store.getState()), offset, limit }));
  const read = async (rows: number): Promise<void> => {
    asked += 1;
    const own = asked;
    try {
      let got = await page(0, Math.min(largestPage, Math.max(pageRows, rows)));
      while (got.rows.length < Math.min(rows, got.total)) {
        const next = await page(got.rows.length, largestPage);
        if (next.rows.length === 0) break;
        got = { ...next, rows: [...got.rows, ...next.rows] };
      }
      // A later question has been asked meanwhile: this answer is to an old one.
      if (own === asked) store.setState({ ...got, failure: null });
    } catch (error) {
      if (own === asked) store.setState({ failure: failureOf(error) });
    }
  };
  const store = createStore<FinishedState>((set, get) => ({
    filter: noFilter,
    sort: null,
    rows: null,
    total: 0,
    all: 0,
    failure: null,
    look(change) {
      set(change);
      void read(pageRows);
    },
    refresh: () => read(get().rows?.length ?? pageRows),
    more() {
      const { rows, total } = get();
      if (isReadingOn || rows === null || rows.length >= total) return;
      isReadingOn = true;
      void read(rows.length + pageRows).finally(() => (isReadingOn = false));
    },
  }));
  engine.follow(() => store.getState().refresh());
  return store;
}

const statesOf = {
  all: null,
  succeeded: ['succeeded'],
  failed: ['failed'],
  stopped: ['cancelled', 'interrupted'],
} as const satisfies Record<RunFilter['state'], MainJobQuery['states']>;

function queryOf({ filter, sort }: FinishedState): Pick<MainJobQuery, 'text' | 'states' | 'sort' | 'descending'> {
  const states = statesOf[filter.state];
  return {
    text: filter.text.slice(0, 200),
    states: states === null ? null : [...states],
    sort: sort?.column ?? 'ended',
    descending: sort?.descending ?? true,
  };
}
