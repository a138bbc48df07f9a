/** Ctrl-C and polite ends (SIGTERM, SIGHUP), as a command sees them. */
export interface StopSignal {
  /** Aborts at the first one. */
  readonly first: AbortSignal;
  /** Aborts at the second one: leave at once. */
  readonly second: AbortSignal;
  dispose(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl-C may come twice: the terminal sends it to every process of the group, and npm passes its own on. Nobody presses a key again this soon. */
const samePressMs = 250;

/** Listens for Ctrl-C until disposed; without listeners the process would end on the spot with nothing said. */
export function listenForStop(nowMs: () => number = () => performance.now()): StopSignal {
  const first = new AbortController();
  const second = new AbortController();
  let firstMs = 0;
  const onSignal = (): void => {
    if (!first.signal.aborted) {
      firstMs = nowMs();
      first.abort();
    } else if (nowMs() - firstMs >= samePressMs) second.abort();
  };
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
