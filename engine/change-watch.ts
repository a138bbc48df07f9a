import type { Clock } from '#core/ports/clock.ts';

/** What changed of one thing is handed out at most this often; what changed in between is one view. */
export const watchPauseMs = 100;

export type Change<T> =
  { readonly kind: 'snapshot'; readonly items: readonly T[] } | { readonly kind: 'changed'; readonly item: T };

interface Watcher {
  readonly changed: Set<string>;
  wake: () => void;
}

/** Hands views of many things to watchers. Per watcher only the ids of what changed are kept, so a slow one costs next to nothing. */
export class ChangeWatch<T> {
  readonly #watchers = new Set<Watcher>();
  readonly #clock: Clock;
  readonly #view: (id: string) => T | null | Promise<T | null>;

  constructor(clock: Clock, view: (id: string) => T | null | Promise<T | null>) {
    this.#clock = clock;
    this.#view = view;
  }

  /** Watchers there are; for leak tests. */
  get size(): number {
    return this.#watchers.size;
  }

  changed(id: string): void {
    for (const watcher of this.#watchers) {
      watcher.changed.add(id);
      watcher.wake();
    }
  }

  /** First what there is, then every change until the signal aborts. */
  async *watch(
    list: () => readonly T[] | Promise<readonly T[]>,
    signal: AbortSignal,
  ): AsyncGenerator<Change<T>, void, undefined> {
    const watcher: Watcher = { changed: new Set(), wake: nothing };
    this.#watchers.add(watcher);
    try {
      yield { kind: 'snapshot', items: await list() };
      while (!signal.aborted) {
        for (const id of [...watcher.changed]) {
          watcher.changed.delete(id);
          const item = await this.#view(id);
          if (item !== null) yield { kind: 'changed', item };
        }
        await this.#pause(watcher, signal);
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  async #pause(watcher: Watcher, signal: AbortSignal): Promise<void> {
    await sleep(signal, (wake) => {
      if (watcher.changed.size > 0) wake();
      else watcher.wake = wake;
    });
    watcher.wake = nothing;
    await sleep(signal, (wake) => this.#clock.after(watchPauseMs, wake));
  }
}

function sleep(signal: AbortSignal, arrange: (wake: () => void) => void): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      signal.removeEventListener('abort', wake);
      resolve();
    };
    signal.addEventListener('abort', wake, { once: true });
    arrange(wake);
  });
}

function nothing(): void {
  return undefined;
}
