import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MeterReading } from '#contract/hardware.ts';
import type { MainJobView } from '#contract/main-job.ts';
import type { ServingView } from '#contract/serving-state.ts';
import type { SettingView } from '#contract/settings.ts';
import { themes, type Appearance, type Theme } from './appearance.ts';
import { newRequestId, type EngineAccess } from '../connection/engine-access.ts';

/** What the status bar shows on every page. */
export interface FrameState {
  readonly serving: ServingView | null;
  readonly running: MainJobView | null;
  readonly waiting: number;
  readonly meters: MeterReading | null;
  /** Main jobs that reached their end since the window was opened; the newest last. */
  readonly ended: readonly MainJobView[];
  /** As the engine has it; null until it was asked. */
  readonly appearance: Appearance | null;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  chooseTheme(theme: Theme): Promise<void>;
}

const finalStates: readonly MainJobView['state'][] = ['succeeded', 'failed'];
const endedKept = 20;

export function createFrameStore(engine: EngineAccess): StoreApi<FrameState> {
  const store = createStore<FrameState>(() => ({
    serving: null,
    running: null,
    waiting: 0,
    meters: null,
    ended: [],
    appearance: null,
    startServer: async () => {
      await engine.call((client) => client.serving.start({ requestId: newRequestId() }));
    },
    stopServer: async () => {
      await engine.call((client) => client.serving.stop({ requestId: newRequestId() }));
    },
    chooseTheme: async (theme) => {
      const requestId = newRequestId();
      await engine.call((client) => client.settings.set({ key: 'appearance.theme', value: theme, requestId }));
      store.setState(({ appearance }) => ({ appearance: { language: 'system', ...appearance, theme } }));
    },
  }));
  engine.follow(async (client, signal) => {
    for await (const serving of await client.serving.watch(undefined, { signal })) store.setState({ serving });
  });
  engine.follow(async (client, signal) => {
    const settings = await client.settings.list(undefined, { signal });
    store.setState({ appearance: appearanceOf(settings) });
  });
  engine.follow(async (client, signal) => {
    const unfinished = new Map<string, MainJobView>();
    for await (const view of await client.mainJobs.watchAll(undefined, { signal }))
      store.setState((state) => followMainJob(unfinished, view, state));
  });
  engine.follow(async (client, signal) => {
    for await (const meters of await client.machines.meters(undefined, { signal })) store.setState({ meters });
  });
  return store;
}

function appearanceOf(settings: readonly SettingView[]): Appearance {
  const valueOf = (key: string): unknown => settings.find((setting) => setting.key === key)?.value;
  return {
    theme: themes.find((theme) => theme === valueOf('appearance.theme')) ?? 'system',
    language: String(valueOf('appearance.language') ?? 'system'),
  };
}

/** Takes one view in: who runs, how many wait, and who has just reached an end. `unfinished` is this connection's own list. */
export function followMainJob(
  unfinished: Map<string, MainJobView>,
  view: MainJobView,
  { ended }: Pick<FrameState, 'ended'>,
): Pick<FrameState, 'running' | 'waiting' | 'ended'> {
  const wasUnfinished = unfinished.has(view.id);
  if (view.state === 'running' || view.state === 'waiting') unfinished.set(view.id, view);
  else unfinished.delete(view.id);
  const all = [...unfinished.values()];
  const hasEnded = wasUnfinished && finalStates.includes(view.state);
  return {
    running: all.find(({ state }) => state === 'running') ?? null,
    waiting: all.filter(({ state }) => state === 'waiting').length,
    ended: hasEnded ? [...ended, view].slice(-endedKept) : ended,
  };
}
