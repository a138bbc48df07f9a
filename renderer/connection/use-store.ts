import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { EngineAccess } from './engine-access.ts';
import { useEngine } from './engine-context.tsx';

/**
 * A part of a feature's state: `useStoreOf(createRunsStore, (state) => state.jobs)`. The store is made at its first use.
 * The selector must give the same value for the same state (`useShallow` of zustand for new objects).
 */
export function useStoreOf<S, T>(create: (engine: EngineAccess) => StoreApi<S>, select: (state: S) => T): T {
  return useStore(useEngine().storeOf(create), select);
}
