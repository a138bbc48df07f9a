import type { JobView } from '#contract/jobs.ts';
import type { Clock } from '#core/ports/clock.ts';

/** Views of a changed job are handed out at most this often; what changed in between is one view. */
export const watchPauseMs = 100;

export type JobChange =
  | { readonly kind: 'snapshot'; readonly jobs: readonly JobView[] }
  | { readonly kind: 'changed'; readonly job: JobView };

interface Watcher {
  readonly changed: Set<string>;
  wake: () => void;
}

/** Hands job views to watchers. Per watcher only the ids of changed jobs are kept, so a slow one costs next to nothing. */
export class JobWatch {
  readonly #watchers = new Set<Watcher>();
  readonly #clock: Clock;
  readonly #view: (jobId: string) => JobView | null;

  constructor(clock: Clock, view: (jobId: string) => JobView | null) {
    this.#clock = clock;
    this.#view = view;
  }

  /** Watchers there are; for leak tests. */
  get size(): number {
    return this.#watchers.size;
  }

  changed(jobId: string): void {
    for (const watcher of this.#watchers) {
      watcher.changed.add(jobId);
      watcher.wake();
    }
  }

  async *watch(list: () => readonly JobView[], signal: AbortSignal): AsyncGenerator<JobChange, void, undefined> {
    const watcher: Watcher = { changed: new Set(), wake: nothing };
    this.#watchers.add(watcher);
    try {
      yield { kind: 'snapshot', jobs: list() };
      while (!signal.aborted) {
        for (const jobId of [...watcher.changed]) {
          watcher.changed.delete(jobId);
          const job = this.#view(jobId);
          if (job !== null) yield { kind: 'changed', job };
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
