import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf } from '../../connection/engine-access.ts';

/** Something that is asked of the engine. The last value stays while a newer one is on its way, so that nothing jumps. */
export interface Loaded<T> {
  readonly value: T | null;
  readonly isLoading: boolean;
  /** Why the newest asking failed; the value, if any, is then of an earlier one. */
  readonly failure: ForgeErrorData | null;
}

export const notLoaded: Loaded<never> = { value: null, isLoading: false, failure: null };

/**
 * Asks one thing at a time: a newer question aborts the one before, whose answer is no longer told. `tell` gets every state in between.
 */
export function createQuestion<T>(tell: (change: (before: Loaded<T>) => Loaded<T>) => void) {
  let current: AbortController | null = null;
  const stop = (): void => {
    current?.abort();
    current = null;
    tell((before) => ({ ...before, isLoading: false }));
  };
  const ask = async (answer: (signal: AbortSignal) => Promise<T>): Promise<T | null> => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    tell((before) => ({ ...before, isLoading: true }));
    try {
      const value = await answer(mine.signal);
      if (current !== mine) return null;
      tell(() => ({ value, isLoading: false, failure: null }));
      return value;
    } catch (error) {
      if (current !== mine) return null;
      const failure = failureOf(error);
      tell((before) => ({ ...before, isLoading: false, failure }));
      return null;
    }
  };
  return { ask, stop };
}
