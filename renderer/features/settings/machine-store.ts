import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineStatus, ForgeClient } from '#contract/client.ts';
import type { EnvironmentProfile, EnvironmentProgress, EnvironmentStatus } from '#contract/environments.ts';
import type { Machine, MachineFinding } from '#contract/hardware.ts';
import type { OllamaStatus } from '#contract/serving.ts';
import { newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { act, noActs, type ActState } from './acts.ts';

export interface MachineData extends ActState {
  readonly detected: { readonly machine: Machine; readonly finding: MachineFinding } | null;
  /** The one this machine takes comes first. */
  readonly environments: readonly EnvironmentStatus[] | null;
  readonly ollama: OllamaStatus | null;
  readonly status: EngineStatus | null;
  /** What a set-up or repair says last, by profile; gone when it has ended. */
  readonly progress: ReadonlyMap<EnvironmentProfile, EnvironmentProgress>;
  /** Removed, while it can still be undone: nothing else is done with them meanwhile. */
  readonly leaving: ReadonlySet<EnvironmentProfile>;
}

export interface MachineStoreState extends MachineData {
  /** `fresh`: look at the machine anew instead of taking what is known. */
  load(fresh?: boolean): Promise<void>;
  setUp(profile: EnvironmentProfile, how: 'setUp' | 'repair'): Promise<void>;
  /** What came stays; the next set-up goes on from there. */
  stop(profile: EnvironmentProfile): void;
  setLeaving(profile: EnvironmentProfile, isLeaving: boolean): void;
  remove(profile: EnvironmentProfile): Promise<void>;
}

type Store = StoreApi<MachineStoreState>;

/** The machine and its Python environments. Acts: `load`, `setUp:<profile>`, `remove:<profile>`. */
export function createMachineStore(engine: EngineAccess): Store {
  const running = new Map<EnvironmentProfile, AbortController>();
  const store: Store = createStore<MachineStoreState>(() => ({
    ...noActs,
    detected: null,
    environments: null,
    ollama: null,
    status: null,
    progress: new Map(),
    leaving: new Set(),
    load: async (fresh = false) => {
      await act(store, 'load', () => engine.call((client) => read(store, client, fresh)));
    },
    stop: (profile) => running.get(profile)?.abort(),
    setUp: async (profile, how) => {
      const stop = new AbortController();
      running.set(profile, stop);
      await act(store, `setUp:${profile}`, () => untilStopped(follow(store, engine, { profile, how, stop }), stop));
      running.delete(profile);
      forgetProgress(store, profile);
      await reread(store, engine);
    },
    setLeaving: (profile, isLeaving) =>
      store.setState(({ leaving }) => ({
        leaving: new Set(isLeaving ? [...leaving, profile] : [...leaving].filter((other) => other !== profile)),
      })),
    remove: async (profile) => {
      await act(store, `remove:${profile}`, () =>
        engine.call((client) => client.environments.remove({ profile, requestId: newRequestId() })),
      );
      await reread(store, engine);
      store.getState().setLeaving(profile, false);
    },
  }));
  return store;
}

async function read(store: Store, client: ForgeClient, fresh: boolean): Promise<void> {
  const [detected, environments, status] = await Promise.all([
    client.machines.detect({ fresh }),
    client.environments.list(),
    client.engine.status(),
  ]);
  store.setState({ detected, environments, status });
  // It may take its time where nobody answers, and nothing above waits for it.
  store.setState({ ollama: await client.deployments.ollama() });
}

async function reread(store: Store, engine: EngineAccess): Promise<void> {
  await act(store, 'load', async () => {
    store.setState({ environments: await engine.call((client) => client.environments.list()) });
  });
}

interface SetUp {
  readonly profile: EnvironmentProfile;
  readonly how: 'setUp' | 'repair';
  readonly stop: AbortController;
}

async function follow(store: Store, engine: EngineAccess, { profile, how, stop }: SetUp): Promise<void> {
  await engine.call(async (client) => {
    for await (const step of await client.environments[how]({ profile }, { signal: stop.signal }))
      store.setState(({ progress }) => ({ progress: new Map(progress).set(profile, step) }));
  });
}

/** A person's stop is no failure. */
async function untilStopped(work: Promise<void>, stop: AbortController): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
}

function forgetProgress(store: Store, profile: EnvironmentProfile): void {
  store.setState(({ progress }) => ({ progress: new Map([...progress].filter(([other]) => other !== profile)) }));
}
