import { createContext, use, type ReactNode } from 'react';
import type { EngineAccess } from './engine-access.ts';

const EngineContext = createContext<EngineAccess | null>(null);

export function EngineProvider({ engine, children }: { readonly engine: EngineAccess; readonly children: ReactNode }) {
  return <EngineContext value={engine}>{children}</EngineContext>;
}

/** For `useStoreOf` and the frame; features take what they need from their stores. */
export function useEngine(): EngineAccess {
  const engine = use(EngineContext);
  if (engine === null) throw new Error('There is no EngineProvider above this component.');
  return engine;
}
