import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatasetVersion, FoundryJob, VersionReference } from '#contract/dataset-versions.ts';
import { isOver } from '#contract/foundry-job-over.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { versionId } from './dataset-rows.ts';
import { jobsAfter } from './foundry-jobs.ts';

export type JobAct = 'pause' | 'resume' | 'cancel';

export interface DatasetsState {
  /** Null: not read yet. */
  readonly versions: readonly DatasetVersion[] | null;
  readonly failure: ForgeErrorData | null;
  /** The newest first. */
  readonly jobs: readonly FoundryJob[];
  /** Ids of jobs that are over and were put away. */
  readonly putAway: ReadonlySet<string>;
  /** Id (`tickets:v2`) of the version in the inspector. */
  readonly selected: string | null;
  /** Follows jobs and versions while a page shows them; returns how to stop. */
  open(): () => void;
  reload(): Promise<void>;
  select(id: string | null): void;
  act(job: string, act: JobAct): Promise<void>;
  /** Takes in a job that this window has just started. */
  take(job: FoundryJob): void;
  putJobAway(job: string): void;
  /** Removes at once; `restore` takes it back for ten minutes. Gives the models that were made of it. */
  remove(references: readonly VersionReference[]): Promise<readonly string[]>;
  restore(references: readonly VersionReference[]): Promise<void>;
}

type Store = StoreApi<DatasetsState>;

export function createDatasetsStore(engine: EngineAccess): Store {
  let pages = 0;
  let stop: (() => void) | null = null;
  const store: Store = createStore<DatasetsState>((set) => ({
    versions: null,
    failure: null,
    jobs: [],
    putAway: new Set(),
    selected: null,
    // Several pages of this place may be shown after one another: one subscription serves them.
    open() {
      pages += 1;
      stop ??= follow(store, engine);
      return () => {
        pages -= 1;
        if (pages > 0) return;
        stop?.();
        stop = null;
      };
    },
    reload: () => load(store, engine),
    select: (selected) => set({ selected }),
    async act(job, act) {
      const input = { job, requestId: newRequestId() };
      const changed = await engine.call((client) => client.foundry[act](input));
      store.getState().take(changed);
    },
    take: (job) => set(({ jobs }) => ({ jobs: jobsAfter(jobs, job) })),
    putJobAway: (job) => set(({ putAway }) => ({ putAway: new Set([...putAway, job]) })),
    async remove(references) {
      const models = new Set<string>();
      try {
        for (const { name, version } of references) {
          const uses = await engine.call((client) => client.foundry.uses({ name, version }));
          for (const use of uses) models.add(versionId({ name: use.model, version: use.version }));
          await engine.call((client) => client.foundry.remove({ name, version, requestId: newRequestId() }));
        }
        set({ selected: null });
      } finally {
        // One that is still needed stays, and what went before it is gone.
        await load(store, engine);
      }
      return [...models];
    },
    async restore(references) {
      for (const { name, version } of references)
        await engine.call((client) => client.foundry.restore({ name, version, requestId: newRequestId() }));
      await load(store, engine);
    },
  }));
  return store;
}

async function load(store: Store, engine: EngineAccess): Promise<void> {
  try {
    store.setState({ versions: await engine.call((client) => client.foundry.list()), failure: null });
  } catch (error) {
    store.setState({ failure: failureOf(error) });
  }
}

/** A version comes when a job ends; so the list is read again then. */
function follow(store: Store, engine: EngineAccess): () => void {
  return engine.follow(async (client, signal) => {
    await load(store, engine);
    for await (const job of await client.foundry.watchAll(undefined, { signal })) {
      const before = store.getState().jobs.find(({ id }) => id === job.id);
      store.getState().take(job);
      if (job.state === 'done' && before !== undefined && !isOver(before)) await load(store, engine);
    }
  });
}
