import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DiskPart } from '#contract/settings.ts';
import { newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { act, noActs, type ActState } from './acts.ts';

export interface DiskUsage {
  readonly home: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly parts: readonly DiskPart[];
}

export interface StorageData extends ActState {
  readonly usage: DiskUsage | null;
  /** What the last cleaning of a part has freed. */
  readonly freedBytes: ReadonlyMap<string, number>;
}

export interface StorageStoreState extends StorageData {
  load(): Promise<void>;
  clean(id: string): Promise<void>;
}

/** What FORGE_HOME takes. An act is named by its part; `load` is the reading of all. */
export function createStorageStore(engine: EngineAccess): StoreApi<StorageStoreState> {
  const store: StoreApi<StorageStoreState> = createStore<StorageStoreState>(() => ({
    ...noActs,
    usage: null,
    freedBytes: new Map(),
    load: async () => {
      await act(store, 'load', async () => {
        store.setState({ usage: await engine.call((client) => client.storage.usage()) });
      });
    },
    clean: async (id) => {
      await act(store, id, async () => {
        const { freedBytes } = await engine.call((client) => client.storage.clean({ id, requestId: newRequestId() }));
        store.setState((state) => ({ freedBytes: new Map(state.freedBytes).set(id, freedBytes) }));
      });
      await store.getState().load();
    },
  }));
  return store;
}
