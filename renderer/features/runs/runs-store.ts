import { createStore, type StoreApi } from 'zustand/vanilla';
import { isForgeError } from '#contract/client.ts';
import type { JobView } from '#contract/jobs.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { dataLabelOf } from '../create/data-label.ts';

/** Every run there is, and what can be done with them. Actions reject as the engine does. */
export interface RunsState {
  readonly isLoaded: boolean;
  readonly mainJobs: ReadonlyMap<string, MainJobView>;
  /** Worker jobs by id: they know of a pause what their main job does not. */
  readonly workers: ReadonlyMap<string, JobView>;
  /** Runs that are being removed while it can still be undone. */
  readonly hidden: ReadonlySet<string>;
  /** Raised when one ends or goes: lists of what is over are read again. */
  readonly endings: number;
  /** Asked for by their address, and not there. */
  readonly missing: ReadonlySet<string>;
  /** Asks for a run that is not among the newest: its main job, else the worker job of that id. */
  lookUp(id: string): Promise<void>;
  /** Before another waiting one, or last. */
  move(id: string, before: string | null): Promise<void>;
  cancel(id: string): Promise<void>;
  /** Goes on where a cancelled, failed or interrupted main job stopped. */
  resume(id: string): Promise<void>;
  /** Puts one back that was taken out of the queue: before the one that came after it, where that one still waits. */
  putBack(id: string, before: string | null): Promise<void>;
  pauseWorker(job: string): Promise<void>;
  resumeWorker(job: string): Promise<void>;
  /** Stops training, keeps the best checkpoint and goes on with the chain. */
  finishWorker(job: string): Promise<void>;
  cancelWorker(job: string): Promise<void>;
  retryWorker(job: string): Promise<void>;
  setHidden(id: string, isHidden: boolean): void;
  /** Removes the version that a run made, with its files. */
  remove(id: string): Promise<void>;
  /** Keeps the run's request as a draft and gives its id: the wizard goes on from there. */
  duplicate(id: string): Promise<string>;
}

export function createRunsStore(engine: EngineAccess): StoreApi<RunsState> {
  const store: StoreApi<RunsState> = createStore<RunsState>(() => ({
    isLoaded: false,
    mainJobs: new Map(),
    workers: new Map(),
    hidden: new Set(),
    endings: 0,
    missing: new Set(),
    lookUp: (id) => lookUp(engine, store, id),
    ...mainJobActions(engine, {
      took: (view) => store.setState((state) => withMainJobs(state, [view])),
      lost: (id) =>
        store.setState(({ mainJobs, endings }) => ({ mainJobs: withoutEntry(mainJobs, id), endings: endings + 1 })),
      view: (id) => store.getState().mainJobs.get(id),
    }),
    ...workerActions(engine, (view) => store.setState(({ workers }) => ({ workers: withEntries(workers, [view]) }))),
    setHidden: (id, isHidden) =>
      store.setState(({ hidden }) => {
        const next = new Set(hidden);
        if (isHidden) next.add(id);
        else next.delete(id);
        return { hidden: next };
      }),
  }));
  engine.follow(async (client, signal) => {
    // The list says what there is, also that there is nothing; the watch tells every change from then on.
    const views = await client.mainJobs.list(undefined, { signal });
    store.setState({ isLoaded: true, mainJobs: new Map(views.map((view) => [view.id, view])) });
    const take = gathered<MainJobView>((all) => store.setState((state) => withMainJobs(state, all)));
    for await (const view of await client.mainJobs.watchAll(undefined, { signal })) take(view);
  });
  engine.follow(async (client, signal) => {
    const take = gathered<JobView>((all) => store.setState(({ workers }) => ({ workers: withEntries(workers, all) })));
    for await (const view of await client.jobs.watch(undefined, { signal })) take(view);
  });
  return store;
}

interface MainJobChanges {
  took(view: MainJobView): void;
  lost(id: string): void;
  view(id: string): MainJobView | undefined;
}

function mainJobActions(
  engine: EngineAccess,
  { took, lost, view }: MainJobChanges,
): Pick<RunsState, 'move' | 'cancel' | 'resume' | 'putBack' | 'remove' | 'duplicate'> {
  const known = (id: string): MainJobView => {
    const found = view(id);
    if (found === undefined) throw new Error(`There is no run ${id}.`);
    return found;
  };
  return {
    async move(id, before) {
      took(await engine.call((client) => client.mainJobs.move({ id, before, requestId: newRequestId() })));
    },
    async cancel(id) {
      took(await engine.call((client) => client.mainJobs.cancel({ id, requestId: newRequestId() })));
    },
    async resume(id) {
      took(await engine.call((client) => client.mainJobs.resume({ id, requestId: newRequestId() })));
    },
    async putBack(id, before) {
      took(await engine.call((client) => client.mainJobs.resume({ id, requestId: newRequestId() })));
      if (before === null || view(before)?.state !== 'waiting') return;
      took(await engine.call((client) => client.mainJobs.move({ id, before, requestId: newRequestId() })));
    },
    async remove(id) {
      await engine.call((client) => client.mainJobs.remove({ id, requestId: newRequestId() }));
      lost(id);
    },
    async duplicate(id) {
      const { request, name, version } = known(id);
      const draft = {
        v: 1 as const,
        id: crypto.randomUUID(),
        step: 'plan' as const,
        request,
        datasetLabel: request.dataset === undefined ? `${name}:v${version}` : dataLabelOf(request.dataset),
        mainJob: null,
      };
      return (await engine.call((client) => client.drafts.save({ draft }))).id;
    },
  };
}

function workerActions(
  engine: EngineAccess,
  took: (view: JobView) => void,
): Pick<RunsState, 'pauseWorker' | 'resumeWorker' | 'finishWorker' | 'cancelWorker' | 'retryWorker'> {
  const act =
    (verb: 'pause' | 'resume' | 'finish' | 'cancel' | 'retry') =>
    async (job: string): Promise<void> =>
      took(await engine.call((client) => client.jobs[verb]({ job, requestId: newRequestId() })));
  return {
    pauseWorker: act('pause'),
    resumeWorker: act('resume'),
    finishWorker: act('finish'),
    cancelWorker: act('cancel'),
    retryWorker: act('retry'),
  };
}

const gatherMs = 30;

/** Takes single views and hands them on together: ten thousand runs at the start are one change, not ten thousand. */
function gathered<T>(take: (all: readonly T[]) => void): (view: T) => void {
  let waiting: T[] = [];
  return (view) => {
    waiting.push(view);
    if (waiting.length > 1) return;
    setTimeout(() => {
      take(waiting);
      waiting = [];
    }, gatherMs);
  };
}

const isOver = ({ state }: MainJobView): boolean => state !== 'running' && state !== 'waiting';

function withMainJobs(
  { mainJobs, endings }: Pick<RunsState, 'mainJobs' | 'endings'>,
  views: readonly MainJobView[],
): Pick<RunsState, 'mainJobs' | 'endings'> {
  const hasMoved = views.some((view) => {
    const before = mainJobs.get(view.id);
    if (view.removed === true) return true;
    // The snapshot of a new subscription repeats what is known.
    return before === undefined
      ? false
      : isOver(before) !== isOver(view) || (isOver(view) && before.state !== view.state);
  });
  const left = new Map(withEntries(mainJobs, views));
  for (const { id, removed } of views) if (removed === true) left.delete(id);
  return { mainJobs: left, endings: hasMoved ? endings + 1 : endings };
}

async function lookUp(engine: EngineAccess, store: StoreApi<RunsState>, id: string): Promise<void> {
  try {
    const view = await engine.call((client) => client.mainJobs.get({ id }));
    store.setState((state) => withMainJobs(state, [view]));
  } catch (error) {
    if (isForgeError(error) === null) throw error;
    const worker = await engine.call((client) => client.jobs.get({ job: id })).catch(() => null);
    if (worker === null) store.setState(({ missing }) => ({ missing: new Set([...missing, id]) }));
    else store.setState(({ workers }) => ({ workers: withEntries(workers, [worker]) }));
  }
}

function withEntries<T extends { readonly id: string }>(
  all: ReadonlyMap<string, T>,
  views: readonly T[],
): ReadonlyMap<string, T> {
  const next = new Map(all);
  for (const view of views) next.set(view.id, view);
  return next;
}

function withoutEntry<T>(all: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const left = new Map(all);
  left.delete(id);
  return left;
}
