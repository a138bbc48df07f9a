import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ComparableModel, ComparedModel, ComparisonView, CostEstimate } from '#contract/comparisons.ts';
import { uploadAddress, type KnownDataset } from '#contract/dataset-preview.ts';
import type { MainJobView } from '#contract/main-job.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ProviderView } from '#contract/providers.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { emptyDraft, requestOf, type ComparisonDraft } from './comparison-draft.ts';

/** The page where comparisons begin. */
export interface CompareState {
  /** Null: not read yet. */
  readonly models: readonly ComparableModel[] | null;
  readonly providers: readonly ProviderView[];
  readonly recent: readonly ComparisonView[] | null;
  readonly datasets: readonly KnownDataset[];
  /** Main jobs that ended well: their held-out rows can be asked. */
  readonly mainJobs: readonly MainJobView[];
  readonly failure: ForgeErrorData | null;
  readonly draft: ComparisonDraft;
  /** Of the present draft; null while it is not known. */
  readonly estimate: CostEstimate | null;
  /** Why the estimate or the start did not go: beside the button. */
  readonly refusal: ForgeErrorData | null;
  readonly isStarting: boolean;
  /** Removed, while it can still be undone. */
  readonly hidden: ReadonlySet<string>;
  /** Reads everything, again after each reconnection, while the page is shown; returns how to stop. */
  open(): () => void;
  reload(): Promise<void>;
  change(part: Partial<ComparisonDraft>): void;
  /** Takes up models from elsewhere: a link, a finished comparison. */
  prepare(models: readonly ComparedModel[], settings?: ComparisonDraft['settings']): void;
  /** Gives the id of the comparison; null when it was refused. */
  start(): Promise<string | null>;
  hide(id: string): void;
  unhide(id: string): void;
  remove(id: string): Promise<void>;
  /** Hands a file of this browser over to the engine and takes it as the source. */
  upload(file: File): Promise<void>;
}

type Store = StoreApi<CompareState>;

/** Typing rests this long before the cost is asked for. */
export const estimateAfterMs = 400;

export function createCompareStore(engine: EngineAccess): Store {
  const store: Store = createStore<CompareState>((set) => ({
    models: null,
    providers: [],
    recent: null,
    datasets: [],
    mainJobs: [],
    failure: null,
    draft: emptyDraft,
    estimate: null,
    refusal: null,
    isStarting: false,
    hidden: new Set(),
    ...draftActions(
      () => store,
      () => estimator,
    ),
    open: () => engine.follow(() => load(store, engine)),
    reload: () => load(store, engine),
    start: () => start(store, engine),
    hide: (id) => set(({ hidden }) => ({ hidden: new Set([...hidden, id]) })),
    unhide: (id) => set(({ hidden }) => ({ hidden: new Set([...hidden].filter((other) => other !== id)) })),
    remove: (id) => remove(store, engine, id),
    upload: async (file) => {
      const path = await uploadFile(file);
      store.getState().change({ path, source: 'file' });
      store.setState({ datasets: await engine.call((client) => client.datasets.list()) });
    },
  }));
  const estimator = createEstimator(store, engine);
  return store;
}

async function load(store: Store, engine: EngineAccess): Promise<void> {
  try {
    const [models, recent] = await Promise.all([
      engine.call((client) => client.comparisons.models()),
      engine.call((client) => client.comparisons.list()),
    ]);
    store.setState({ models, recent, failure: null });
    const [providers, datasets, mainJobs] = await Promise.all([
      engine.call((client) => client.providers.list()),
      engine.call((client) => client.datasets.list()),
      engine.call((client) => client.mainJobs.list()),
    ]);
    store.setState({ providers, datasets, mainJobs: mainJobs.filter(({ state }) => state === 'succeeded') });
  } catch (error) {
    store.setState({ failure: failureOf(error) });
  }
}

function draftActions(store: () => Store, estimator: () => { request(): void }) {
  return {
    change(part: Partial<ComparisonDraft>) {
      store().setState(({ draft }) => ({ draft: { ...draft, ...part }, refusal: null }));
      estimator().request();
    },
    prepare(models: readonly ComparedModel[], settings?: ComparisonDraft['settings']) {
      store()
        .getState()
        .change({ models: models.slice(0, 4), ...(settings === undefined ? {} : { settings }) });
    },
  };
}

/** Asks for the cost when the draft has rested; answers that came too late are thrown away. */
function createEstimator(store: Store, engine: EngineAccess): { request(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;
  const run = async (number: number): Promise<void> => {
    const outcome = requestOf(store.getState().draft);
    if (outcome.kind !== 'ready') return;
    const isNewest = (): boolean => number === newest;
    try {
      const estimate = await engine.call((client) => client.comparisons.estimate({ request: outcome.request }));
      if (isNewest()) store.setState({ estimate });
    } catch (error) {
      if (isNewest()) store.setState({ refusal: failureOf(error) });
    }
  };
  return {
    request() {
      newest += 1;
      const number = newest;
      clearTimeout(timer);
      store.setState({ estimate: null });
      timer = setTimeout(() => void run(number), estimateAfterMs);
    },
  };
}

async function start(store: Store, engine: EngineAccess): Promise<string | null> {
  const { draft, isStarting } = store.getState();
  const outcome = requestOf(draft);
  if (outcome.kind !== 'ready' || isStarting) return null;
  store.setState({ isStarting: true, refusal: null });
  try {
    const { id } = await engine.call((client) =>
      client.comparisons.start({ request: outcome.request, requestId: newRequestId() }),
    );
    // The next comparison begins with the same models and another prompt.
    store.setState({ draft: { ...draft, prompt: '' }, estimate: null });
    return id;
  } catch (error) {
    store.setState({ refusal: failureOf(error) });
    return null;
  } finally {
    store.setState({ isStarting: false });
  }
}

async function remove(store: Store, engine: EngineAccess, id: string): Promise<void> {
  try {
    await engine.call((client) => client.comparisons.remove({ id, requestId: newRequestId() }));
    store.setState(({ recent }) => ({ recent: recent?.filter((view) => view.id !== id) ?? null }));
  } finally {
    store.getState().unhide(id);
  }
}

async function uploadFile(file: File): Promise<string> {
  const answer = await fetch(`${uploadAddress}?name=${encodeURIComponent(file.name)}`, { method: 'PUT', body: file });
  if (!answer.ok) throw new Error(`${file.name}: ${answer.status} ${answer.statusText}`);
  const body: unknown = await answer.json();
  if (typeof body !== 'object' || body === null || !('path' in body) || typeof body.path !== 'string')
    throw new Error(`${file.name}: the engine gave no path.`);
  return body.path;
}
