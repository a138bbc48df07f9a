import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BaseModelView } from '#contract/base-models.ts';
import type { MachineFinding } from '#contract/hardware.ts';
import type { MainJobRequest } from '#contract/main-job.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { PlanPreview } from '#contract/plan-preview.ts';
import { newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { createQuestion, notLoaded, type Loaded } from './loaded.ts';

/** What a base model would take here, from a plan of this very data. */
export interface BaseForecast {
  readonly seconds: number;
  readonly memoryBytes: number;
}

export interface PlanState {
  readonly preview: Loaded<PlanPreview>;
  readonly bases: Loaded<readonly BaseModelView[]>;
  readonly finding: MachineFinding | null;
  /** By base id, as they come in. */
  readonly forecasts: Readonly<Record<string, BaseForecast>>;
  /** Versions there are already, for "this becomes v3". */
  readonly versions: readonly ModelVersion[];
  plan(request: MainJobRequest): Promise<void>;
  loadBases(): Promise<void>;
  /** Plans the same data with each of these bases, one after the other; stops when a newer asking comes. */
  forecastBases(request: MainJobRequest, ids: readonly string[]): Promise<void>;
  /** Takes up a folder or GGUF file; rejects with the engine's reason. */
  addBase(path: string): Promise<BaseModelView>;
  loadVersions(): Promise<void>;
}

/** Cards that get a time of their own; further ones say only their memory. */
const mostForecasts = 8;

export function createPlanStore(engine: EngineAccess): StoreApi<PlanState> {
  return createStore<PlanState>((set, get) => {
    const preview = createQuestion<PlanPreview>((change) => set((state) => ({ preview: change(state.preview) })));
    const bases = createQuestion<readonly BaseModelView[]>((change) =>
      set((state) => ({ bases: change(state.bases) })),
    );
    const forecastBases = forecaster(engine, set);
    let plannedDataset: string | null = null;
    return {
      preview: notLoaded,
      bases: notLoaded,
      finding: null,
      forecasts: {},
      versions: [],
      forecastBases,
      async plan(request) {
        // What another file leads to must not stand beside this one.
        const dataset = JSON.stringify([request.dataset, request.mapping]);
        if (dataset !== plannedDataset) set({ preview: notLoaded });
        plannedDataset = dataset;
        await preview.ask((signal) => engine.call((client) => client.mainJobs.plan({ request }, { signal })));
      },
      async loadBases() {
        await bases.ask(async (signal) => {
          const [list, { finding }] = await engine.call((client) =>
            Promise.all([client.baseModels.list(undefined, { signal }), client.machines.detect({}, { signal })]),
          );
          set({ finding });
          return list;
        });
      },
      async addBase(path) {
        const added = await engine.call((client) => client.baseModels.add({ path, requestId: newRequestId() }));
        await get().loadBases();
        return added;
      },
      async loadVersions() {
        set({ versions: await engine.call((client) => client.models.list()) });
      },
    };
  });
}

function forecaster(engine: EngineAccess, set: StoreApi<PlanState>['setState']): PlanState['forecastBases'] {
  let current: AbortController | null = null;
  return async (request, ids) => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    const { signal } = mine;
    set({ forecasts: {} });
    for (const base of ids.slice(0, mostForecasts)) {
      if (signal.aborted) return;
      const plan = await engine
        .call((client) => client.mainJobs.plan({ request: { ...request, base } }, { signal }))
        // A base that cannot be planned simply has no forecast; choosing it says why.
        .catch(() => null);
      if (plan === null || signal.aborted) continue;
      const forecast = { seconds: plan.forecast.totalSeconds, memoryBytes: plan.plan.forecast.memory.totalBytes };
      set((state) => ({ forecasts: { ...state.forecasts, [base]: forecast } }));
    }
  };
}
