import type Electron from 'electron';
import { createForgeClient, greetEngine, type ForgeClient } from '#contract/client.ts';
import type { JobView } from '#contract/jobs.ts';
import type { MainJobView } from '#contract/main-job.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { languageChoice, type LanguageChoice } from '#contract/shell.ts';
import { createMessagePortLink } from '#contract/wire-link.ts';

/** What main itself knows of the engine: enough for the tray and for the question before quitting. */
export interface EngineSight {
  readonly serving: ServingView | null;
  readonly running: MainJobView | null;
  readonly isPaused: boolean;
}

export interface EngineFollower {
  readonly sight: EngineSight;
  readonly client: ForgeClient | null;
  /** Takes up a new engine at the other end of this port. */
  follow(port: Electron.MessagePortMain, version: string): Promise<void>;
  /** The engine is gone. */
  lose(): void;
}

interface EngineListeners {
  readonly onChange: (sight: EngineSight) => void;
  /** The setting `appearance.language`, as it is when an engine is taken up. */
  readonly onLanguage: (language: LanguageChoice) => void;
  /** What main does for an engine as long as it has it; a failure of it is told by itself. */
  readonly onEngine: (client: ForgeClient, signal: AbortSignal) => Promise<void>;
}

const blind: EngineSight = { serving: null, running: null, isPaused: false };

/** Main's own wire to the engine: three subscriptions, nothing asked repeatedly. */
export function createEngineFollower({ onChange, onLanguage, onEngine }: EngineListeners): EngineFollower {
  let sight = blind;
  let client: ForgeClient | null = null;
  let life = new AbortController();
  const change = (part: Partial<EngineSight>): void => {
    sight = { ...sight, ...part };
    onChange(sight);
  };
  const lose = (): void => {
    life.abort();
    client = null;
    change(blind);
  };
  return {
    get sight() {
      return sight;
    },
    get client() {
      return client;
    },
    lose,
    async follow(port, version) {
      lose();
      life = new AbortController();
      const { signal } = life;
      const made = createForgeClient(createMessagePortLink(port));
      port.start();
      await greetEngine(made, version, signal);
      client = made;
      onLanguage(await languageOf(made, signal));
      await Promise.all([
        onEngine(made, signal),
        followServing(made, signal, (serving) => change({ serving })),
        followMainJobs(made, signal, (running) => change({ running })),
        followJobs(made, signal, (jobs) => {
          const job = sight.running?.steps.find(({ state }) => state === 'running')?.job ?? null;
          change({ isPaused: job !== null && jobs.get(job)?.state === 'paused' });
        }),
      ]);
    },
  };
}

async function languageOf(client: ForgeClient, signal: AbortSignal): Promise<LanguageChoice> {
  const settings = await client.settings.list(undefined, { signal });
  return languageChoice.parse(settings.find(({ key }) => key === 'appearance.language')?.value);
}

async function followServing(
  client: ForgeClient,
  signal: AbortSignal,
  tell: (serving: ServingView) => void,
): Promise<void> {
  for await (const serving of await client.serving.watch(undefined, { signal })) tell(serving);
}

async function followMainJobs(
  client: ForgeClient,
  signal: AbortSignal,
  tell: (running: MainJobView | null) => void,
): Promise<void> {
  let running: MainJobView | null = null;
  for await (const view of await client.mainJobs.watchAll(undefined, { signal })) {
    if (view.state === 'running') running = view;
    else if (running?.id === view.id) running = null;
    else continue;
    tell(running);
  }
}

async function followJobs(
  client: ForgeClient,
  signal: AbortSignal,
  tell: (jobs: ReadonlyMap<string, JobView>) => void,
): Promise<void> {
  const jobs = new Map<string, JobView>();
  for await (const job of await client.jobs.watch(undefined, { signal })) {
    if (['succeeded', 'failed', 'cancelled'].includes(job.state)) jobs.delete(job.id);
    else jobs.set(job.id, job);
    tell(jobs);
  }
}
