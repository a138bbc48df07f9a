import type { Clock } from '#core/ports/clock.ts';
import { createComparisonSession, type ComparisonSession } from './comparison-session.ts';
import type { ComparisonStore } from './comparison-store.ts';

/** How many comparisons that nobody runs stay in memory. */
const keptOpen = 8;

export interface SessionsOptions {
  readonly store: ComparisonStore;
  readonly clock: Clock;
  /** Whether something still writes to a comparison. */
  readonly isBusy: (id: string) => boolean;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Comparisons that were opened. Two callers always get the same one, so that both see what either changes. */
export function createSessions({ store, clock, isBusy }: SessionsOptions) {
  const open = new Map<string, Promise<ComparisonSession>>();
  const ready = new Map<string, ComparisonSession>();
  const load = async (id: string): Promise<ComparisonSession> => {
    const stored = await store.load(id);
    const session = createComparisonSession(stored, { store, nowMs: () => clock.nowMs() });
    ready.set(id, session);
    return session;
  };
  const makeRoom = (): void => {
    for (const [id, session] of ready) {
      if (open.size <= keptOpen) return;
      if (session.head().state !== 'running' && !isBusy(id)) close(id);
    }
  };
  const close = (id: string): void => {
    open.delete(id);
    ready.delete(id);
  };
  return {
    close,
    opened: (id: string): ComparisonSession | undefined => ready.get(id),
    open(id: string): Promise<ComparisonSession> {
      const known = open.get(id);
      if (known !== undefined) return known;
      makeRoom();
      const session = load(id);
      open.set(id, session);
      session.catch(() => open.delete(id));
      return session;
    },
  };
}
