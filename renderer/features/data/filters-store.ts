import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FoundryJob, SplitChoice, StepOutcome, VersionReference, ViewStep } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { isComplete, moved, stepsOn, usualStep, withSteps, type ListedStep, type OfferedKind } from './filter-steps.ts';
import { failureIn } from './foundry-jobs.ts';
import { endOfJob } from './job-end.ts';

export interface FiltersState {
  readonly reference: VersionReference | null;
  readonly steps: readonly ListedStep[];
  readonly counted: { readonly steps: readonly ViewStep[]; readonly outcomes: readonly StepOutcome[] } | null;
  /** The count that goes on. */
  readonly job: FoundryJob | null;
  readonly failure: ForgeErrorData | null;
  /** Key of the step whose examples are shown. */
  readonly opened: string | null;
  openFor(reference: VersionReference): void;
  add(kind: OfferedKind): void;
  /** Puts the steps of a pack before those that are there; one that is there already is not doubled. */
  take(steps: readonly ViewStep[]): void;
  /** Puts a step that was made elsewhere at the end; one that is there already is not doubled. */
  addStep(step: ViewStep): void;
  change(key: string, step: ViewStep): void;
  move(from: number, to: number): void;
  switchStep(key: string, isOn: boolean): void;
  remove(key: string): void;
  show(key: string | null): void;
  count(): Promise<void>;
  stopCounting(): Promise<void>;
  /** Makes a version of what the steps keep; null for `as`: the next version of the same name. Rejects as the engine does. */
  freeze(as: string | null, split: SplitChoice | null): Promise<FoundryJob>;
}

/** After the last change of a step, before it is counted. */
const restMs = 700;

export function createFiltersStore(engine: EngineAccess): StoreApi<FiltersState> {
  return createFiltersStoreWith(engine, restMs);
}

/** For tests: without the rest. */
export function createFiltersStoreWith(engine: EngineAccess, waitMs: number): StoreApi<FiltersState> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const store: StoreApi<FiltersState> = createStore<FiltersState>((set, get) => {
    const put = (steps: readonly ListedStep[]): void => {
      set({ steps, failure: null });
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void get().count(), waitMs);
    };
    return {
      ...nothing,
      openFor(reference) {
        const { reference: before } = get();
        if (before?.name !== reference.name || before.version !== reference.version) set({ ...nothing, reference });
      },
      add(kind) {
        const key = crypto.randomUUID();
        put([...get().steps, { key, step: usualStep(kind), isOn: true }]);
      },
      take: (steps) => put(withSteps(get().steps, steps)),
      addStep(step) {
        const others = get().steps.filter((one) => JSON.stringify(one.step) !== JSON.stringify(step));
        put([...others, { key: crypto.randomUUID(), step, isOn: true }]);
      },
      change: (key, step) => put(get().steps.map((one) => (one.key === key ? { ...one, step } : one))),
      move: (from, to) => put(moved(get().steps, from, to)),
      switchStep: (key, isOn) => put(get().steps.map((one) => (one.key === key ? { ...one, isOn } : one))),
      remove: (key) => put(get().steps.filter((one) => one.key !== key)),
      show: (opened) => set({ opened }),
      ...counting(engine, () => store),
      async freeze(as, split) {
        const { reference, steps } = get();
        if (reference === null) throw new Error('There is no version to freeze.');
        const input = { ...reference, steps: [...stepsOn(steps)], as, split, requestId: newRequestId() };
        return engine.call((client) => client.foundry.freeze(input));
      },
    };
  });
  return store;
}

const nothing = { reference: null, steps: [], counted: null, job: null, failure: null, opened: null } as const;

function counting(engine: EngineAccess, store: () => StoreApi<FiltersState>) {
  let current: AbortController | null = null;
  const outcomesOf = async (
    reference: VersionReference,
    steps: readonly ViewStep[],
    signal: AbortSignal,
  ): Promise<void> => {
    const input = { ...reference, steps: [...steps] };
    const known = await engine.call((client) => client.foundry.viewOutcome(input, { signal }));
    if (signal.aborted) return;
    if (known !== null) return store().setState({ counted: { steps, outcomes: known }, job: null });
    const started = await engine.call((client) => client.foundry.tryView(input, { signal }));
    const end = await endOfJob(engine, started, { signal, onJob: (job) => store().setState({ job }) });
    if (signal.aborted) return;
    const failure = failureIn(end);
    if (failure !== null || end.state !== 'done') return store().setState({ job: null, failure });
    const outcomes = await engine.call((client) => client.foundry.viewOutcome(input, { signal }));
    if (!signal.aborted) store().setState({ counted: { steps, outcomes: outcomes ?? [] }, job: null });
  };
  return {
    async count(): Promise<void> {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      const { reference, steps } = store().getState();
      const on = stepsOn(steps);
      if (reference === null || on.length === 0 || !on.every(isComplete)) return store().setState({ job: null });
      try {
        await outcomesOf(reference, on, mine.signal);
      } catch (error) {
        if (!mine.signal.aborted) store().setState({ job: null, failure: failureOf(error) });
      }
    },
    async stopCounting(): Promise<void> {
      current?.abort();
      const { job } = store().getState();
      store().setState({ job: null });
      if (job !== null)
        await engine.call((client) => client.foundry.cancel({ job: job.id, requestId: newRequestId() }));
    },
  };
}
