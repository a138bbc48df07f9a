import type { BuildFile } from '#contract/build-file.ts';
import { ForgeError } from '#contract/errors.ts';
import type { MainJobRequest, MainJobView } from '#contract/main-job.ts';
import { failBuild, viewBuild } from '#core/main-job/build.ts';
import { ChangeWatch } from '../change-watch.ts';
import { toForgeErrorData } from '../error-data.ts';
import { oneByOne } from '../one-by-one.ts';
import { createBuildStore, type BuildStore } from './build-store.ts';
import { findOrCreate } from './find-build.ts';
import { createFinishedViews } from './finished-view.ts';
import { MainJobQueue, type QueuedMainJob } from './main-job-queue.ts';
import { createQueueFile } from './queue-file.ts';
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
  watch(id: string, signal: AbortSignal): AsyncGenerator<MainJobView>;
  /** The present state of each (as `list` of 200), then every change, at most ten a second of one. */
  watchAll(signal: AbortSignal): AsyncGenerator<MainJobView>;
  /** One that only waits goes back to what it was before. */
  cancel(id: string): Promise<MainJobView>;
  /** Goes on where a failed, cancelled or interrupted one stopped. @throws ForgeError `main-job.not-allowed` for a finished one */
  resume(id: string): Promise<MainJobView>;
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
  const changes = new ChangeWatch<MainJobView>(clock, (id) => views.find(id).catch(() => null));
  const queue = new MainJobQueue({
    store,
    logger,
    file: createQueueFile(layout.home, logger),
    onShown: (id) => changes.changed(id),
    run: (job) => runOne(job, { services, store, run, finished, show: (view) => queue.show(job, view) }),
  });
  const views = createViews({ store, queue, finished });
  const parts: Parts = { services, store, queue, finished, views };
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
}

/** Main jobs as they stand, in the queue or on disk. What the last engine left waiting is taken up before the first look. */
function createViews({ store, queue, finished }: Pick<Parts, 'store' | 'queue' | 'finished'>) {
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
): Pick<MainJobService, 'list' | 'get' | 'watch' | 'watchAll'> {
  return {
    list: views.list,
    get: views.find,
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

function createVerbs(parts: Parts): Pick<MainJobService, 'start' | 'cancel' | 'resume' | 'move'> {
  const { services, store, queue, views } = parts;
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
  const onChange = ({ build: current, live, reached }: MainJobChange): void => {
    latest = current;
    show(current.state === 'succeeded' ? finished(current) : viewBuild(current, live, reached));
  };
  try {
    await run(build, { services, store, signal: abort.signal, onChange });
  } catch (error) {
    const now = services.clock.nowMs();
    const ended = abort.signal.aborted
      ? stoppedBuild(latest, abort.signal.reason, now)
      : failBuild(latest, toForgeErrorData(error, services.logger), now);
    show(viewBuild(ended, null));
    // A full disk may be the very reason; the build on disk then says "running" and the next start goes on from its last step.
    await store
      .save(ended)
      .catch((cause: unknown) => services.logger.error({ cause: String(cause), build: build.id }, 'build not saved'));
  }
}

function stoppedBuild(build: BuildFile, reason: unknown, now: number): BuildFile {
  return { ...build, updatedAt: now, state: reason === 'cancel' ? 'cancelled' : 'interrupted' };
}
