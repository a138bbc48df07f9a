/** Ctrl-C and polite ends (SIGTERM, SIGHUP), as a command sees them. */
export interface StopSignal {
  /** Aborts at the first one. */
  readonly first: AbortSignal;
  /** Aborts at the second one: leave at once. */
  readonly second: AbortSignal;
  dispose(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for Ctrl-C until disposed; without listeners the process would end on the spot with nothing said. */
export function listenForStop(): StopSignal {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = (): void => (first.signal.aborted ? second : first).abort();
  for (const name of signals) process.on(name, onSignal);
  return {
    first: first.signal,
    second: second.signal,
    dispose: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
