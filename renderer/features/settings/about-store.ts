import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineStatus } from '#contract/client.ts';
import type { LicenceEntry } from '#contract/settings.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';
import { act, noActs, type ActState } from './acts.ts';

export interface AboutData extends ActState {
  readonly status: EngineStatus | null;
  readonly licences: readonly LicenceEntry[] | null;
}

export interface AboutStoreState extends AboutData {
  loadStatus(): Promise<void>;
  loadLicences(): Promise<void>;
}

/** Acts: `status`, `licences`. */
export function createAboutStore(engine: EngineAccess): StoreApi<AboutStoreState> {
  const store: StoreApi<AboutStoreState> = createStore<AboutStoreState>(() => ({
    ...noActs,
    status: null,
    licences: null,
    loadStatus: async () => {
      await act(store, 'status', async () => {
        store.setState({ status: await engine.call((client) => client.engine.status()) });
      });
    },
    loadLicences: async () => {
      if (store.getState().licences !== null) return;
      await act(store, 'licences', async () => {
        store.setState({ licences: await engine.call((client) => client.about.licences()) });
      });
    },
  }));
  return store;
}

/** Entries whose name or licence has every word that is sought. */
export function soughtLicences(all: readonly LicenceEntry[], query: string): readonly LicenceEntry[] {
  const wanted = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return all.filter(({ name, version, licence }) => {
    const text = `${name} ${version} ${licence}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
