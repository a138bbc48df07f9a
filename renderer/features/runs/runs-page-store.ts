import { createStore, type StoreApi } from 'zustand/vanilla';
import { noFilter, type RunFilter } from './selectors.ts';

/** What the page remembers while one is elsewhere. */
export interface RunsPageState {
  readonly filter: RunFilter;
  setFilter(filter: RunFilter): void;
}

export function createRunsPageStore(): StoreApi<RunsPageState> {
  return createStore<RunsPageState>((set) => ({ filter: noFilter, setFilter: (filter) => set({ filter }) }));
}
