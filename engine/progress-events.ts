import { createBroadcast } from './broadcast.ts';

export interface ProgressCall<P> {
  /** Aborts when the reader breaks off. */
  readonly signal: AbortSignal;
  readonly report: (progress: P) => void;
}

/**
 * Work as a stream: what it reports (the newest only, for a slow reader), then its outcome. Leaving the stream aborts the work and waits
 * for nothing; an error of the work ends the stream with it.
 * @param whyBroken the reason the work's signal carries when the reader left
 */
export async function* progressEvents<P, T>(
  signal: AbortSignal | undefined,
  work: (call: ProgressCall<P>) => Promise<T>,
  whyBroken?: () => Error,
): AsyncGenerator<{ readonly progress: P } | { readonly outcome: T }, void, void> {
  const broken = new AbortController();
  const progress = createBroadcast<P>();
  const reader = progress.subscribe();
  const ended = signal === undefined ? broken.signal : AbortSignal.any([signal, broken.signal]);
  const done = work({ signal: ended, report: (value) => progress.send(value) }).finally(() => progress.close());
  // The reader's loop may end first; the outcome is awaited below either way.
  done.catch(() => undefined);
  try {
    for await (const value of reader) yield { progress: value };
    yield { outcome: await done };
  } finally {
    broken.abort(whyBroken?.());
  }
}
