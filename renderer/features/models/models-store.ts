import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ForgeClient } from '#contract/client.ts';
import type { ModelExportRequest } from '#contract/exports.ts';
import type { MainJobView } from '#contract/main-job.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { ServingView } from '#contract/serving-state.ts';
import type { OllamaStatus } from '#contract/serving.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import type { ExportRun } from './export-run.ts';
import { versionId } from './model-rows.ts';

/** What is being done with a version now. */
export type ModelWork = 'serving' | 'deploying' | 'withdrawing';

export interface DeploymentProgress {
  readonly text: string;
  readonly fraction: number | null;
}

export interface ModelsState {
  /** Null: not read yet. */
  readonly versions: readonly ModelVersion[] | null;
  readonly failure: ForgeErrorData | null;
  readonly serving: ServingView | null;
  /** By version id. */
  readonly mainJobs: ReadonlyMap<string, MainJobView>;
  readonly ollama: OllamaStatus | null;
  readonly work: Readonly<Record<string, ModelWork>>;
  /** By version id: how far a deployment is. */
  readonly deployments: Readonly<Record<string, DeploymentProgress>>;
  /** By version id. */
  readonly exports: Readonly<Record<string, ExportRun>>;
  readonly selected: string | null;
  /** Removed, while it can still be undone. */
  readonly hidden: ReadonlySet<string>;
  /** Follows versions and what is served while the page is shown; returns how to stop. */
  open(): () => void;
  reload(): Promise<void>;
  select(id: string | null): void;
  /** Gives clients this version under the bare name, and starts the server where it stands still. Null: the newest again. */
  serve(id: string, version: number | null): Promise<void>;
  /** Gives the sentence that says what came of it; null when it was broken off. */
  deploy(id: string): Promise<string | null>;
  /** Breaks a running deployment off; Ollama stays as it was. */
  endDeploy(id: string): void;
  withdraw(id: string): Promise<void>;
  export(request: ModelExportRequest): Promise<void>;
  /** Breaks a running export off, or puts away what came of it. */
  endExport(id: string): void;
  hide(id: string): void;
  unhide(id: string): void;
  remove(id: string): Promise<void>;
}

type Store = StoreApi<ModelsState>;

export function createModelsStore(engine: EngineAccess): Store {
  const store: Store = createStore<ModelsState>((set) => ({
    versions: null,
    failure: null,
    serving: null,
    mainJobs: new Map(),
    ollama: null,
    work: {},
    deployments: {},
    exports: {},
    selected: null,
    hidden: new Set(),
    open: () => follow(store, engine),
    reload: () => load(store, engine),
    select: (selected) => set({ selected }),
    ...workActions(() => store, engine),
    ...exportActions(() => store, engine),
    hide: (id) =>
      set(({ hidden, selected }) => ({
        hidden: new Set([...hidden, id]),
        selected: selected === id ? null : selected,
      })),
    unhide: (id) => set(({ hidden }) => ({ hidden: new Set([...hidden].filter((other) => other !== id)) })),
    async remove(id) {
      try {
        await engine.call((client) => client.models.remove({ model: id, requestId: newRequestId() }));
        await load(store, engine);
      } finally {
        store.getState().unhide(id);
      }
    },
  }));
  return store;
}

async function load(store: Store, engine: EngineAccess): Promise<void> {
  try {
    store.setState({ versions: await engine.call((client) => client.models.list()), failure: null });
    store.setState({ ollama: await engine.call((client) => client.deployments.ollama()) });
  } catch (error) {
    store.setState({ failure: failureOf(error) });
  }
}

/** A new version comes from a main job that ended; what is served, from the server. */
function follow(store: Store, engine: EngineAccess): () => void {
  const stops = [
    engine.follow(() => load(store, engine)),
    engine.follow(async (client, signal) => {
      const known = new Map<string, MainJobView['state']>();
      for await (const view of await client.mainJobs.watchAll(undefined, { signal })) {
        store.setState(({ mainJobs }) => ({ mainJobs: new Map(mainJobs).set(versionId(view), view) }));
        const before = known.get(view.id);
        known.set(view.id, view.state);
        if (before === 'running' && view.state !== 'running') void load(store, engine);
      }
    }),
    engine.follow((client, signal) => lookForOllama({ store, engine, client, signal })),
    engine.follow(async (client, signal) => {
      for await (const serving of await client.serving.watch(undefined, { signal })) store.setState({ serving });
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

const lookForOllamaEveryMs = 10_000;

interface Looking {
  readonly store: Store;
  readonly engine: EngineAccess;
  readonly client: ForgeClient;
  readonly signal: AbortSignal;
}

/** Ollama tells nobody that it was started or ended: asked now and then while the page is shown, so that its button is true. */
async function lookForOllama({ store, engine, client, signal }: Looking): Promise<void> {
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lookForOllamaEveryMs);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
    if (signal.aborted) return;
    const found = await client.deployments.ollama(undefined, { signal });
    if (found.state !== store.getState().ollama?.state) await load(store, engine);
  }
}

function workActions(store: () => Store, engine: EngineAccess) {
  const during: During = async (id, work, run) => {
    store().setState((state) => ({ work: { ...state.work, [id]: work } }));
    try {
      return await run();
    } finally {
      store().setState((state) => {
        const { [id]: _done, ...others } = state.work;
        return { work: others };
      });
    }
  };
  return {
    serve: (id: string, version: number | null) =>
      during(id, 'serving', async () => {
        const name = id.split(':')[0] ?? id;
        const chosen = await engine.call((client) =>
          client.serving.choose({ name, version, requestId: newRequestId() }),
        );
        store().setState({ serving: chosen });
        if (chosen.running) return;
        store().setState({
          serving: await engine.call((client) => client.serving.start({ requestId: newRequestId() })),
        });
      }),
    ...deployActions(store, engine, during),
    withdraw: (id: string) =>
      during(id, 'withdrawing', async () => {
        await engine.call((client) => client.deployments.fromOllama({ model: id, requestId: newRequestId() }));
        await load(store(), engine);
      }),
  };
}

type During = <T>(id: string, work: ModelWork, run: () => Promise<T>) => Promise<T>;

function deployActions(store: () => Store, engine: EngineAccess, during: During) {
  const running = new Map<string, AbortController>();
  const put = (id: string, progress: DeploymentProgress | null): void =>
    store().setState(({ deployments: { [id]: _before, ...others } }) => ({
      deployments: progress === null ? others : { ...others, [id]: progress },
    }));
  const read = async (id: string, signal: AbortSignal): Promise<string | null> => {
    const events = await engine.call((client) => client.deployments.deploy({ model: id }, { signal }));
    for await (const event of events) {
      if (event.kind === 'done') return event.deployment.reason;
      put(id, event);
    }
    return null;
  };
  return {
    deploy: (id: string) =>
      during(id, 'deploying', async () => {
        const stop = new AbortController();
        running.set(id, stop);
        put(id, { text: '', fraction: null });
        try {
          const said = await read(id, stop.signal);
          await load(store(), engine);
          return said;
        } catch (error) {
          if (!stop.signal.aborted) throw error;
          return null;
        } finally {
          running.delete(id);
          put(id, null);
        }
      }),
    endDeploy: (id: string) => running.get(id)?.abort(),
  };
}

function exportActions(store: () => Store, engine: EngineAccess) {
  const running = new Map<string, AbortController>();
  const put = (id: string, run: ExportRun): void =>
    store().setState(({ exports }) => ({ exports: { ...exports, [id]: run } }));
  return {
    async export(request: ModelExportRequest) {
      const id = request.model;
      const stop = new AbortController();
      running.get(id)?.abort();
      running.set(id, stop);
      put(id, { kind: 'running', request, text: '', fraction: null });
      try {
        const events = await engine.call((client) => client.models.export(request, { signal: stop.signal }));
        for await (const event of events) {
          if (stop.signal.aborted) return;
          if (event.kind === 'done') put(id, { kind: 'done', request, result: event.export });
          else put(id, { kind: 'running', request, text: event.text, fraction: event.fraction });
        }
      } catch (error) {
        if (!stop.signal.aborted) put(id, { kind: 'failed', request, failure: failureOf(error) });
      }
    },
    endExport(id: string) {
      running.get(id)?.abort();
      running.delete(id);
      store().setState(({ exports }) => {
        const { [id]: _ended, ...others } = exports;
        return { exports: others };
      });
    },
  };
}
