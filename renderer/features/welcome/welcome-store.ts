import { createStore, type StoreApi } from 'zustand/vanilla';
import { defaultBaseModel, type BaseModelView } from '#contract/base-models.ts';
import type { EnvironmentStatus } from '#contract/environments.ts';
import type { Machine, MachineFinding } from '#contract/hardware.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';

/** One part of the set-up. `stopped` goes on from where it was; nothing is fetched twice. */
export interface Preparation {
  readonly state: 'unknown' | 'absent' | 'running' | 'stopped' | 'ready' | 'failed';
  /** What is being done, in the engine's words. */
  readonly text: string;
  readonly fraction: number | null;
  readonly failure: ForgeErrorData | null;
}

export interface WelcomeState {
  readonly machine: { readonly machine: Machine; readonly finding: MachineFinding } | null;
  readonly models: readonly BaseModelView[];
  /** The environment this machine takes. */
  readonly environment: EnvironmentStatus | null;
  /** Seconds the sample takes here, all steps; null while that is not known. */
  readonly sampleSeconds: number | null;
  readonly failure: ForgeErrorData | null;
  readonly python: Preparation;
  readonly base: Preparation;
  load(): Promise<void>;
  prepare(part: Part): Promise<void>;
  /** Python first, then the base; ends at the first failure. */
  prepareAll(): Promise<void>;
  repair(): Promise<void>;
  stop(part: Part): void;
}

export type Part = 'python' | 'base';

const unknown: Preparation = { state: 'unknown', text: '', fraction: null, failure: null };

export function createWelcomeStore(engine: EngineAccess): StoreApi<WelcomeState> {
  return createStore<WelcomeState>((set, get) => {
    const running = new Map<Part, AbortController>();
    const tell = (part: Part, change: Partial<Preparation>): void =>
      set((state) => ({ [part]: { ...state[part], ...change } }));
    const run = async (part: Part, work: Work): Promise<void> => {
      await prepare(part, work, { running, tell });
      // Sizes and forecasts are others now.
      if (get()[part].state === 'ready') await load(engine, set, running);
    };
    return {
      machine: null,
      models: [],
      environment: null,
      sampleSeconds: null,
      failure: null,
      python: unknown,
      base: unknown,
      load: () => load(engine, set, running),
      prepare: (part) => run(part, part === 'python' ? setUp(engine, 'setUp') : obtain(engine)),
      repair: () => run('python', setUp(engine, 'repair')),
      async prepareAll() {
        if (get().python.state !== 'ready') await get().prepare('python');
        if (get().python.state === 'ready' && get().base.state !== 'ready') await get().prepare('base');
      },
      stop: (part) => running.get(part)?.abort(),
    };
  });
}

type Tell = (part: Part, change: Partial<Preparation>) => void;
interface Step {
  readonly text: string;
  readonly fraction: number | null;
}
type Work = (signal: AbortSignal) => AsyncGenerator<Step>;

function setUp(engine: EngineAccess, how: 'setUp' | 'repair'): Work {
  return async function* (signal) {
    for await (const { text, fraction } of await engine.call((client) => client.environments[how]({}, { signal })))
      yield { text, fraction };
  };
}

function obtain(engine: EngineAccess): Work {
  return async function* (signal) {
    for await (const event of await engine.call((client) =>
      client.baseModels.obtain({ id: defaultBaseModel }, { signal }),
    ))
      if (event.kind === 'progress') yield { text: event.text, fraction: event.fraction };
  };
}

interface Preparing {
  readonly running: Map<Part, AbortController>;
  readonly tell: Tell;
}

async function prepare(part: Part, work: Work, { running, tell }: Preparing): Promise<void> {
  if (running.has(part)) return;
  const stop = new AbortController();
  running.set(part, stop);
  tell(part, { state: 'running', text: '', fraction: null, failure: null });
  try {
    let known: number | null = null;
    for await (const { text, fraction } of work(stop.signal)) {
      if (stop.signal.aborted) break;
      // A step that cannot tell its share leaves the bar where it was.
      known = fraction ?? known;
      tell(part, { text, fraction: known });
    }
    tell(part, stop.signal.aborted ? { state: 'stopped' } : { state: 'ready', fraction: 1 });
  } catch (error) {
    tell(part, stop.signal.aborted ? { state: 'stopped' } : { state: 'failed', failure: failureOf(error) });
  } finally {
    running.delete(part);
  }
}

type Set = StoreApi<WelcomeState>['setState'];

async function load(engine: EngineAccess, set: Set, running: ReadonlyMap<Part, AbortController>): Promise<void> {
  set({ failure: null });
  try {
    const [machine, environments, models] = await engine.call((client) =>
      Promise.all([client.machines.detect({}), client.environments.list(), client.baseModels.list()]),
    );
    const [environment = null] = environments;
    const base = models.find(({ id }) => id === defaultBaseModel);
    set((state) => ({
      machine,
      environment,
      models,
      ...(!running.has('python') && { python: found(environment?.state ?? 'absent', state.python) }),
      ...(!running.has('base') && { base: found(base?.state === 'ready' ? 'ready' : 'absent', state.base) }),
    }));
    const plan = await engine.call((client) => client.mainJobs.plan({ request: {} }));
    set({ sampleSeconds: plan.forecast.totalSeconds });
  } catch (error) {
    // What is known stays; a forecast that cannot be made is no reason to stop anybody.
    set((state) => (state.machine === null ? { failure: failureOf(error) } : {}));
  }
}

/** What the disk says. A set-up that a reload, a crash or another window broke off goes on as a stopped one; what failed here stays told. */
function found(onDisk: EnvironmentStatus['state'], before: Preparation): Preparation {
  if (onDisk === 'ready') return { ...unknown, state: 'ready' };
  if (before.state === 'failed' || before.state === 'stopped') return before;
  return { ...unknown, state: onDisk === 'absent' ? 'absent' : 'stopped' };
}
