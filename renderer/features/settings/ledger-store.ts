import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LedgerEntry } from '#contract/settings.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';
import { act, noActs, type ActState } from './acts.ts';

/** An entry with a key of its own: two may have been written in the same millisecond. */
export interface LedgerRow extends LedgerEntry {
  readonly rowKey: string;
}

export interface LedgerData extends ActState {
  /** Newest first; null while they are being read. */
  readonly rows: readonly LedgerRow[] | null;
  readonly total: number;
  /** Lines that could not be read. */
  readonly skipped: number;
  readonly hasMore: boolean;
}

export interface LedgerStoreState extends LedgerData {
  load(): Promise<void>;
  loadOlder(): Promise<void>;
}

const pageSize = 200;

type Store = StoreApi<LedgerStoreState>;

/** Every request that left this machine. Acts: `load`, `older`. */
export function createLedgerStore(engine: EngineAccess): Store {
  const store: Store = createStore<LedgerStoreState>(() => ({
    ...noActs,
    rows: null,
    total: 0,
    skipped: 0,
    hasMore: false,
    load: async () => {
      await act(store, 'load', () => readPage(store, engine, null));
    },
    loadOlder: async () => {
      const last = store.getState().rows?.at(-1);
      if (last !== undefined) await act(store, 'older', () => readPage(store, engine, last.t));
    },
  }));
  return store;
}

async function readPage(store: Store, engine: EngineAccess, before: number | null): Promise<void> {
  const page = await engine.call((client) => client.network.ledger({ before, limit: pageSize }));
  store.setState((state) => {
    const known = before === null ? [] : (state.rows ?? []);
    const rows = [
      ...known,
      ...page.entries.map((entry, index) => ({ ...entry, rowKey: String(known.length + index) })),
    ];
    const skipped = (before === null ? 0 : state.skipped) + (page.skipped ?? 0);
    return { rows, skipped, total: page.total, hasMore: page.entries.length === pageSize };
  });
}
