import type { JobView } from '#contract/jobs.ts';
import type { Clock } from '#core/ports/clock.ts';
import { ChangeWatch } from '../change-watch.ts';

export type JobChange =
  | { readonly kind: 'snapshot'; readonly jobs: readonly JobView[] }
  | { readonly kind: 'changed'; readonly job: JobView };

/** Hands job views to watchers. */
export class JobWatch {
  readonly #changes: ChangeWatch<JobView>;

  constructor(clock: Clock, view: (jobId: string) => JobView | null) {
    this.#changes = new ChangeWatch(clock, view);
  }

  /** Watchers there are; for leak tests. */
  get size(): number {
    return this.#changes.size;
  }

  changed(jobId: string): void {
    this.#changes.changed(jobId);
  }

  async *watch(list: () => readonly JobView[], signal: AbortSignal): AsyncGenerator<JobChange, void, undefined> {
    for await (const change of this.#changes.watch(list, signal)) {
      if (change.kind === 'snapshot') yield { kind: 'snapshot', jobs: change.items };
      else yield { kind: 'changed', job: change.item };
    }
  }
}
