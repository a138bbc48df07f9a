import path from 'node:path';
import type { BuildFile } from '#contract/build-file.ts';
import { ForgeError } from '#contract/errors.ts';
import type { MainJobRequest, MainJobView } from '#contract/main-job.ts';
import { failBuild, isBarren, nameFromFile, newBuild, viewBuild } from '#core/main-job/build.ts';
import { checkDatasetFile } from '#native-bridge/files/dataset-source.ts';
import { createBroadcast, type Broadcast } from '../broadcast.ts';
import { toForgeErrorData } from '../error-data.ts';
import { oneByOne } from '../one-by-one.ts';
import { createBuildStore, digestOf, type BuildStore } from './build-store.ts';
import { resultOf } from './result.ts';
import { runMainJob, type MainJobChange } from './runner.ts';
import type { MainJobServices } from './services.ts';
import { datasetFingerprint, shippedDataset } from './shipped-dataset.ts';

/** Main jobs, one at a time, in the order they were asked for. */
export interface MainJobService {
  /** The same request again continues its version or, when it is done, checks it and serves it. */
  start(request: MainJobRequest): Promise<MainJobView>;
  list(): Promise<MainJobView[]>;
  get(id: string): Promise<MainJobView>;
  watch(id: string, signal: AbortSignal): AsyncGenerator<MainJobView>;
  cancel(id: string): Promise<MainJobView>;
  /** Lets go of the running one: worker jobs live on and are found again by the next start. */
  stop(): Promise<void>;
}

interface Active {
  readonly id: string;
  readonly abort: AbortController;
  readonly broadcast: Broadcast<MainJobView>;
  view: MainJobView;
  readonly settled: Promise<void>;
}

export function createMainJobService(services: MainJobServices): MainJobService {
  const store = createBuildStore(services.layout);
  const active = new Map<string, Active>();
  let queue: Promise<void> = Promise.resolve();
  const inTurn = oneByOne();

  const load = async (id: string): Promise<BuildFile> => {
    const { builds } = await store.list();
    const found = builds.find((build) => build.id === id);
    if (!found) throw new ForgeError('engine.not-found', { kind: 'main job', id, command: 'models' });
    return found;
  };
  const launch = (build: BuildFile): Active => {
    const abort = new AbortController();
    const broadcast = createBroadcast<MainJobView>();
    const view = viewBuild({ ...build, state: 'waiting', failure: null }, null, 0);
    const settled = queue.then(() => runOne(build, { services, store, abort, show: (next) => show(entry, next) }));
    const entry: Active = { id: build.id, abort, broadcast, view, settled };
    queue = settled.then(() => {
      active.delete(build.id);
      broadcast.close();
    });
    active.set(build.id, entry);
    return entry;
  };
  return {
    // Two commands that ask for the same at once get one version: the second joins the first.
    start: (request) =>
      inTurn(async () => {
        const build = await findOrCreate(request, { services, store, isActive: (id) => active.has(id) });
        return (active.get(build.id) ?? launch(build)).view;
      }),
    async list() {
      const { builds } = await store.list();
      return builds.map((build) => active.get(build.id)?.view ?? finishedView(build, store, services));
    },
    async get(id) {
      return active.get(id)?.view ?? finishedView(await load(id), store, services);
    },
    async *watch(id, signal) {
      const running = active.get(id);
      if (!running) {
        yield finishedView(await load(id), store, services);
        return;
      }
      yield running.view;
      yield* running.broadcast.subscribe(signal);
    },
    async cancel(id) {
      const running = active.get(id);
      if (!running) return finishedView(await load(id), store, services);
      running.abort.abort('cancel');
      await running.settled;
      return running.view;
    },
    async stop() {
      for (const { abort } of active.values()) abort.abort('engine-stop');
      await Promise.all([...active.values()].map(({ settled }) => settled));
    },
  };
}

function show(entry: Active, view: MainJobView): void {
  entry.view = view;
  entry.broadcast.send(view);
}

interface RunOne {
  readonly services: MainJobServices;
  readonly store: BuildStore;
  readonly abort: AbortController;
  readonly show: (view: MainJobView) => void;
}

/** Never rejects: whatever ends a main job is part of its state. */
async function runOne(build: BuildFile, { services, store, abort, show: tell }: RunOne): Promise<void> {
  let latest = build;
  const onChange = ({ build: current, live, reached }: MainJobChange): void => {
    latest = current;
    tell(current.state === 'succeeded' ? finishedView(current, store, services) : viewBuild(current, live, reached));
  };
  try {
    await runMainJob(build, { services, store, signal: abort.signal, onChange });
  } catch (error) {
    const now = services.clock.nowMs();
    const ended = abort.signal.aborted
      ? stoppedBuild(latest, abort.signal.reason, now)
      : failedBuild(latest, error, { services, now });
    tell(viewBuild(ended, null));
    // A full disk may be the very reason; the build on disk then says "running" and the next start goes on from its last step.
    await store
      .save(ended)
      .catch((cause: unknown) => services.logger.error({ cause: String(cause), build: build.id }, 'build not saved'));
  }
}

function stoppedBuild(build: BuildFile, reason: unknown, now: number): BuildFile {
  return { ...build, updatedAt: now, state: reason === 'cancel' ? 'cancelled' : 'interrupted' };
}

function failedBuild(
  build: BuildFile,
  error: unknown,
  { services, now }: { services: MainJobServices; now: number },
): BuildFile {
  return failBuild(build, toForgeErrorData(error, services.logger), now);
}

function finishedView(build: BuildFile, store: BuildStore, services: MainJobServices): MainJobView {
  // A build that says "running" without a runner was cut off by a crash: it is offered as interrupted.
  const state = build.state === 'running' || build.state === 'waiting' ? 'interrupted' : build.state;
  const view = viewBuild({ ...build, state }, null);
  return state === 'succeeded'
    ? { ...view, result: resultOf(build, store.directory(build), services.layout.home) }
    : view;
}

interface BuildSearch {
  readonly services: MainJobServices;
  readonly store: BuildStore;
  readonly isActive: (id: string) => boolean;
}

async function findOrCreate(given: MainJobRequest, { services, store, isActive }: BuildSearch): Promise<BuildFile> {
  const request = await completeRequest(given, services);
  const { name = 'model', ...settings } = request;
  const requestDigest = digestOf({ ...settings, dataset: await datasetFingerprint(request, services.appDirectory) });
  const versions = await store.versions(name);
  let newest: BuildFile | null = null;
  for (const version of [...versions].reverse()) {
    const build = await store.load(name, version).catch(() => null);
    if (build?.requestDigest === requestDigest) return build;
    if (version === versions.at(-1)) newest = build;
  }
  // A version that came to nothing (a refused dataset, an unknown base) leaves its number to the corrected try.
  const isFree = newest !== null && isBarren(newest) && !isActive(newest.id);
  const version = (versions.at(-1) ?? 0) + (isFree ? 0 : 1);
  const now = services.clock.nowMs();
  const build = newBuild({ id: `${name}-v${version}`, name, version, request, requestDigest, now });
  await store.save(build);
  return build;
}

/** Fills in what the person left out and refuses what cannot be meant, before anything is written. */
async function completeRequest(given: MainJobRequest, services: MainJobServices): Promise<MainJobRequest> {
  if (given.base !== undefined) await services.checkBase(given.base);
  if (given.dataset === undefined) {
    const shipped = await shippedDataset(services.appDirectory);
    return { ...given, name: given.name ?? shipped.name, heldOutRows: given.heldOutRows ?? shipped.heldOutRows };
  }
  await checkDatasetFile(given.dataset);
  return { ...given, name: given.name ?? nameFromFile(path.basename(given.dataset)) };
}
