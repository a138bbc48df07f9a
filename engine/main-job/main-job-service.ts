import type { BuildFile } from '#contract/build-file.ts';
import { ForgeError } from '#contract/errors.ts';
import type { MainJobPage, MainJobQuery, MainJobRequest, MainJobView } from '#contract/main-job.ts';
import { failBuild, viewBuild, withOpenStep, type LiveStep } from '#core/main-job/build.ts';
import { ChangeWatch } from '../change-watch.ts';
import { toForgeErrorData } from '../error-data.ts';
import { oneByOne } from '../one-by-one.ts';
import { createBuildStore, type BuildStore } from './build-store.ts';
import { findOrCreate } from './find-build.ts';
import { createFinishedViews } from './finished-view.ts';
import { MainJobQueue, type QueuedMainJob } from './main-job-queue.ts';
import { createQueueFile } from './queue-file.ts';
import { createFinishedIndex, type FinishedIndex } from './finished-index.ts';
import { removeMainJob, type RemovedMainJob } from './remove-main-job.ts';
import { runMainJob, type MainJobChange } from './runner.ts';
import type { MainJobServices } from './services.ts';

/** What a watcher of all is shown first, beside what waits and runs. */
const watchedMainJobs = 200;
/** A command that only looks something up is gone before what waited from last time begins. */
const takeUpDelayMs = 5_000;

/** Main jobs, one at a time, in the order they were asked for or moved to. Every method throws `engine.not-found` for an unknown id. */
export interface MainJobService {
  /** The same request again continues its version or, when it is done, checks it and serves it. */
  start(request: MainJobRequest): Promise<MainJobView>;
  /** What waits and runs, and the newest of the others by their last change; newest first. */
  list(limit: number): Promise<MainJobView[]>;
  get(id: string): Promise<MainJobView>;
  /** Those that neither wait nor run, sorted and filtered. */
  page(query: MainJobQuery): Promise<MainJobPage>;
  watch(id: string, signal: AbortSignal): AsyncGenerator<MainJobView>;
  /** The present state of each (as `list` of 200), then every change, at most ten a second of one. */
  watchAll(signal: AbortSignal): AsyncGenerator<MainJobView>;
  /** One that only waits goes back to what it was before. */
  cancel(id: string): Promise<MainJobView>;
  /** Goes on where a failed, cancelled or interrupted one stopped. @throws ForgeError `main-job.not-allowed` for a finished one */
  resume(id: string): Promise<MainJobView>;
  /** Deletes its version; one that waits leaves the queue first. @throws ForgeError `main-job.not-allowed` while it runs */
  remove(id: string): Promise<RemovedMainJob>;
  /** Puts one that waits before another, or last. @throws ForgeError `main-job.not-allowed` when either does not wait */
  move(id: string, before: string | null): Promise<MainJobView>;
  /** True while one waits or runs. */
  isBusy(): boolean;
  /** Takes up what waited when the last engine ended; it begins by itself a little later. */
  begin(): Promise<void>;
  /** Lets go of the running one: worker jobs live on and are found again by the next start. What waits goes on waiting. */
  stop(): Promise<void>;
}

export interface MainJobServiceOptions {
  /** Shared with others, so that each build is read once. */
  readonly store?: BuildStore;
  readonly run?: typeof runMainJob;
}

export function createMainJobService(
  services: MainJobServices,
  { store = createBuildStore(services.layout), run = runMainJob }: MainJobServiceOptions = {},
): MainJobService {
  const { clock, logger, layout } = services;
  const finished = createFinishedViews(store, services);
  const gone = createLastViews();
  const changes = new ChangeWatch<MainJobView>(clock, (id) => views.find(id).catch(() => gone.view(id)));
  const queue = new MainJobQueue({
    store,
    logger,
    file: createQueueFile(layout.home, logger),
    onShown: (id) => changes.changed(id),
    run: (job) => runOne(job, { services, store, run, finished, show: (view) => queue.show(job, view) }),
  });
  const index = createFinishedIndex(store, () => clock.nowMs());
  const views = createViews({ store, queue, finished, index });
  const onRemoved = (view: MainJobView): void => {
    gone.keep({ ...view, queuePosition: null, removed: true });
    changes.changed(view.id);
  };
  const parts: Parts = { services, store, queue, finished, views, onRemoved };
  let beginning = { cancel: (): void => undefined };
  return {
    ...createVerbs(parts),
    ...createReaders(parts, changes),
    isBusy: () => queue.views().length > 0,
    async begin() {
      await views.ready();
      beginning = clock.after(takeUpDelayMs, () => queue.open());
    },
    async stop() {
      beginning.cancel();
      await queue.close();
    },
  };
}

type FinishedView = (build: BuildFile) => MainJobView;

interface Parts {
  readonly services: MainJobServices;
  readonly store: BuildStore;
  readonly queue: MainJobQueue;
  readonly finished: FinishedView;
  readonly views: ReturnType<typeof createViews>;
  readonly onRemoved: (view: MainJobView) => void;
}

const keptLastViews = 200;

/** What watchers are told of main jobs that are no more. */
function createLastViews() {
  const views = new Map<string, MainJobView>();
  return {
    view: (id: string): MainJobView | null => views.get(id) ?? null,
    keep(view: MainJobView): void {
      views.set(view.id, view);
      const [oldest] = views.keys();
      if (views.size > keptLastViews && oldest !== undefined) views.delete(oldest);
    },
  };
}

interface HasIndex {
  readonly index: FinishedIndex;
}

/** Main jobs as they stand, in the queue or on disk. What the last engine left waiting is taken up before the first look. */
function createViews({ store, queue, finished, index }: Pick<Parts, 'store' | 'queue' | 'finished'> & HasIndex) {
  let takenUp: Promise<void> | null = null;
  const ready = (): Promise<void> => (takenUp ??= queue.takeUp());
  const load = async (id: string): Promise<BuildFile> => {
    const build = await store.byId(id);
    if (build) return build;
    throw new ForgeError('engine.not-found', { kind: 'main job', id, command: 'models' });
  };
  return {
    ready,
    load,
    find: async (id: string): Promise<MainJobView> => {
      await ready();
      return queue.find(id)?.view ?? finished(await load(id));
    },
    page: async (query: MainJobQuery): Promise<MainJobPage> => {
      await ready();
      const { ids, total, all } = await index.find(query, (id) => queue.find(id) !== null);
      const found = await Promise.all(ids.map((id) => store.byId(id)));
      return { rows: found.filter((build) => build !== null).map(finished), total, all };
    },
    list: async (limit: number): Promise<MainJobView[]> => {
      await ready();
      const newest = (await store.newest(limit)).map((build) => queue.find(build.id)?.view ?? finished(build));
      const known = new Set(newest.map(({ id }) => id));
      const active = queue.views().filter(({ id }) => !known.has(id));
      return [...active, ...newest].toSorted((a, b) => b.createdAt - a.createdAt);
    },
  };
}

function createReaders(
  { queue, finished, views }: Parts,
  changes: ChangeWatch<MainJobView>,
): Pick<MainJobService, 'list' | 'get' | 'page' | 'watch' | 'watchAll'> {
  return {
    list: views.list,
    get: views.find,
    page: views.page,
    async *watch(id, signal) {
      await views.ready();
      const active = queue.find(id);
      if (!active) {
        yield finished(await views.load(id));
        return;
      }
      const following = active.broadcast.subscribe(signal);
      yield active.view;
      yield* following;
    },
    async *watchAll(signal) {
      for await (const change of changes.watch(() => views.list(watchedMainJobs), signal)) {
        if (change.kind === 'snapshot') yield* change.items;
        else yield change.item;
      }
    },
  };
}

function createVerbs(parts: Parts): Pick<MainJobService, 'start' | 'cancel' | 'resume' | 'move' | 'remove'> {
  const { services, store, queue, views, onRemoved } = parts;
  const inTurn = oneByOne();
  const add = async (build: BuildFile): Promise<MainJobView> =>
    (queue.find(build.id) ?? (await queue.add(build, services.clock.nowMs()))).view;
  const requireWaiting = async (id: string, wanted: string): Promise<void> => {
    if (queue.isWaiting(id)) return;
    const { state } = await views.find(id);
    const reason = id === wanted ? 'only one that waits has a place in the queue' : `${id} does not wait`;
    throw new ForgeError('main-job.not-allowed', { id: wanted, action: 'be moved', state, reason });
  };
  return {
    // Two commands that ask for the same at once get one version: the second joins the first.
    start: (request) =>
      inTurn(async () => {
        await views.ready();
        return add(await findOrCreate(request, { services, store, isActive: (id) => queue.find(id) !== null }));
      }),
    async cancel(id) {
      const job = await inTurn(() => stopWaiting(id, parts));
      // A large checkpoint takes its time: others are not held up by it.
      await job?.settled;
      return job?.view ?? views.find(id);
    },
    remove: (id) =>
      inTurn(async () => {
        const { state } = await views.find(id);
        if (queue.find(id) !== null && !queue.isWaiting(id)) {
          const reason = 'cancel it first';
          throw new ForgeError('main-job.not-allowed', { id, action: 'be removed', state, reason });
        }
        await stopWaiting(id, parts);
        const last = await views.find(id);
        const removed = await removeMainJob(id, { store, jobs: services.jobs });
        onRemoved(last);
        return removed;
      }),
    resume: (id) =>
      inTurn(async () => {
        const { state } = await views.find(id);
        if (state === 'succeeded') {
          const reason = 'it is done; start the same again to have it checked and served';
          throw new ForgeError('main-job.not-allowed', { id, action: 'be resumed', state, reason });
        }
        return add(await views.load(id));
      }),
    move: (id, before) =>
      inTurn(async () => {
        await requireWaiting(id, id);
        if (before !== null) await requireWaiting(before, id);
        await queue.move(id, before);
        return views.find(id);
      }),
  };
}

/** Takes one out of the queue, or tells the running one to stop; null when it does neither wait nor run. */
async function stopWaiting(id: string, { services, queue, finished, views }: Parts): Promise<QueuedMainJob | null> {
  await views.find(id);
  const job = queue.find(id);
  if (job === null || !queue.isWaiting(id)) {
    job?.abort.abort('cancel');
    return job;
  }
  const { earlier, build } = job;
  const state = earlier.state === 'waiting' ? 'cancelled' : earlier.state;
  const ended: BuildFile = { ...build, state, failure: earlier.failure, updatedAt: services.clock.nowMs() };
  await queue.remove(job, { ended, view: finished(ended) });
  return job;
}

interface RunOne {
  readonly services: MainJobServices;
  readonly store: BuildStore;
  readonly run: typeof runMainJob;
  readonly finished: FinishedView;
  readonly show: (view: MainJobView) => void;
}

/** Never rejects: whatever ends a main job is part of its state. */
async function runOne(
  { build, abort }: QueuedMainJob,
  { services, store, run, finished, show }: RunOne,
): Promise<void> {
  let latest = build;
  let open: LiveStep | null = null;
  const onChange = ({ build: current, live, reached }: MainJobChange): void => {
    latest = current;
    open = live;
    show(current.state === 'succeeded' ? finished(current) : viewBuild(current, live, reached));
  };
  try {
    await run(build, { services, store, signal: abort.signal, onChange });
  } catch (error) {
    const now = services.clock.nowMs();
    const reached = openEnd(latest, open, { state: abort.signal.aborted ? 'interrupted' : 'failed', now });
    const ended = abort.signal.aborted
      ? stoppedBuild(reached, abort.signal.reason, now)
      : failBuild(reached, toForgeErrorData(error, services.logger), now);
    show(viewBuild(ended, null));
    // A full disk may be the very reason; the build on disk then says "running" and the next start goes on from its last step.
    await store
      .save(ended)
      .catch((cause: unknown) => services.logger.error({ cause: String(cause), build: build.id }, 'build not saved'));
  }
}

/** The step that was cut off says so, and still names its worker job: a run that failed shows its curves like any other. */
function openEnd(build: BuildFile, open: LiveStep | null, end: Parameters<typeof withOpenStep>[2]): BuildFile {
  return open === null ? build : withOpenStep(build, open, end);
}

function stoppedBuild(build: BuildFile, reason: unknown, now: number): BuildFile {
  return { ...build, updatedAt: now, state: reason === 'cancel' ? 'cancelled' : 'interrupted' };
}
