import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ForgeClient } from '#contract/client.ts';
import type { ComparisonView } from '#contract/comparisons.ts';
import type { EnvironmentStatus } from '#contract/environments.ts';
import type { MainJobView } from '#contract/main-job.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ModelVersion } from '#contract/models.ts';
import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';

/** How long the sample takes here, start to end. */
export interface SampleForecast {
  readonly totalSeconds: number;
  /** What has to be fetched first; 0 when Python is set up. */
  readonly downloadBytes: number;
}

/** What has happened and what there is; `null` is not read yet. */
export interface HomeData {
  readonly mainJobs: ReadonlyMap<string, MainJobView> | null;
  readonly models: readonly ModelVersion[] | null;
  readonly comparisons: readonly ComparisonView[] | null;
  readonly sample: SampleForecast | null;
  readonly failure: ForgeErrorData | null;
}

export interface HomeStoreState extends HomeData {
  /** Follows everything the page shows, until what it returns is called. */
  open(): () => void;
  /** Reads again what could not be read. */
  reload(): Promise<void>;
}

type Store = StoreApi<HomeStoreState>;

export function createHomeStore(engine: EngineAccess): Store {
  const store: Store = createStore<HomeStoreState>(() => ({
    mainJobs: null,
    models: null,
    comparisons: null,
    sample: null,
    failure: null,
    open() {
      const stops = [
        engine.follow((client, signal) => told(store, followRuns(store, client, signal), signal)),
        engine.follow((client) => told(store, readRest(store, client))),
      ];
      return () => stops.forEach((stop) => stop());
    },
    reload: () =>
      told(
        store,
        engine.call((client) => readRest(store, client)),
      ),
  }));
  return store;
}

/** A failure is for the page to show; one that comes from leaving the page is none. */
async function told(store: Store, work: Promise<void>, signal?: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (signal?.aborted !== true) store.setState({ failure: failureOf(error) });
  }
}

async function followRuns(store: Store, client: ForgeClient, signal: AbortSignal): Promise<void> {
  const known = await client.mainJobs.list({ limit: 50 }, { signal });
  store.setState({ mainJobs: new Map(known.map((view) => [view.id, view])) });
  for await (const view of await client.mainJobs.watchAll(undefined, { signal })) {
    const before = store.getState().mainJobs?.get(view.id);
    store.setState(({ mainJobs }) => ({ mainJobs: withMainJob(mainJobs, view) }));
    // A new version has come into being.
    if (before?.state === 'running' && view.state === 'succeeded')
      store.setState({ models: await client.models.list(undefined, { signal }) });
  }
}

function withMainJob(known: HomeData['mainJobs'], view: MainJobView): ReadonlyMap<string, MainJobView> {
  const mainJobs = new Map(known ?? []).set(view.id, view);
  if (view.removed === true) mainJobs.delete(view.id);
  return mainJobs;
}

async function readRest(store: Store, client: ForgeClient): Promise<void> {
  const [models, comparisons] = await Promise.all([client.models.list(), client.comparisons.list()]);
  store.setState({ models, comparisons, failure: null });
  if (models.length === 0) store.setState({ sample: await forecastSample(client) });
}

/** The forecast needs the machine alone; where it can not be made the page does without. */
async function forecastSample(client: ForgeClient): Promise<SampleForecast | null> {
  try {
    const [preview, environments] = await Promise.all([
      client.mainJobs.plan({ request: {} }),
      client.environments.list(),
    ]);
    return { totalSeconds: preview.forecast.totalSeconds, downloadBytes: missingBytes(environments) };
  } catch (error) {
    console.warn('The time of the sample could not be estimated.', error);
    return null;
  }
}

/** Of the environment this machine takes, which comes first. */
function missingBytes([chosen]: readonly EnvironmentStatus[]): number {
  return chosen === undefined || chosen.state === 'ready' ? 0 : chosen.estimate.downloadBytes;
}
