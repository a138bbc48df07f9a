import { useEffect, useState } from 'react';
import type { SelectOption } from './select.tsx';

export type FindOptions<V extends string> = (query: string, signal: AbortSignal) => Promise<readonly SelectOption<V>[]>;

export interface FoundOptions<V extends string> {
  readonly options: readonly SelectOption<V>[];
  readonly busy: boolean;
  /** Why nothing could be asked, in the words of the error. */
  readonly problem: string | null;
  readonly search: (query: string) => void;
  /** An option that was seen before, or one made of the value itself, so that a chosen value never vanishes. */
  readonly known: (value: V | null) => SelectOption<V> | null;
}

const afterLastKeyMs = 200;

/** Options that are asked for while typing: only the newest question counts, and an old one is given up. */
export function useFoundOptions<V extends string>(find: FindOptions<V> | undefined): FoundOptions<V> {
  const [query, setQuery] = useState('');
  const [state, setState] = useState<Pick<FoundOptions<V>, 'options' | 'busy' | 'problem'>>(nothing);
  const [seen] = useState(() => new Map<V, SelectOption<V>>());
  useEffect(() => {
    if (find === undefined) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      setState((before) => ({ ...before, busy: true, problem: null }));
      find(query, abort.signal).then(
        (options) => {
          if (abort.signal.aborted) return;
          for (const option of options) seen.set(option.value, option);
          setState({ options, busy: false, problem: null });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setState({ options: [], busy: false, problem: error instanceof Error ? error.message : String(error) });
        },
      );
    }, afterLastKeyMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [find, query, seen]);
  return {
    ...state,
    search: setQuery,
    known: (value) => (value === null ? null : (seen.get(value) ?? { value, label: value })),
  };
}

const nothing = { options: [], busy: false, problem: null };
