import type { ForgeClient } from '#contract/client.ts';
import type { JobView } from '#contract/jobs.ts';
import type { Series } from './chart-scale.ts';
import type { WireState } from './engine-wire.ts';
import type { LossSeries } from './loss-chart.ts';

export interface RunsState {
  readonly wire: WireState;
  /** Newest first; null until the engine has answered once. */
  readonly jobs: readonly JobView[] | null;
  readonly selected: JobView | null;
  /** The curves of the selected run; null while they load and for runs that do not train. */
  readonly series: LossSeries | null;
}

export interface RunsStore {
  readonly state: RunsState;
  setWire(wire: WireState): void;
  select(jobId: string | null): void;
  /** Follows the engine until the connection is lost; what was seen stays. */
  follow(client: ForgeClient, signal: AbortSignal): Promise<void>;
}

const seriesNames = { train: 'loss', heldOut: 'validationLoss' };
const points = 600;
const refreshEveryMs = 1_000;
const emptySeries: Series = { steps: [], values: [] };

/** The page's state. `onChange` is called after every change. */
export function createRunsStore(onChange: () => void): RunsStore {
  const jobs = new Map<string, JobView>();
  let known = false;
  let wanted: string | null = null;
  let client: ForgeClient | null = null;
  let state: RunsState = { wire: { kind: 'connecting' }, jobs: null, selected: null, series: null };

  const change = (part: Partial<RunsState>) => {
    state = { ...state, ...part };
    onChange();
  };
  const refresh = throttled(refreshEveryMs, async () => {
    const run = state.selected;
    if (client === null || run === null || run.kind !== 'train') return;
    const series = await loadSeries(client, run.id);
    if (state.selected?.id === run.id) change({ series });
  });
  const publish = () => {
    const list = [...jobs.values()].sort((a, b) => b.createdAt - a.createdAt);
    const selected = (wanted === null ? undefined : jobs.get(wanted)) ?? mostInteresting(list);
    const isSame = selected?.id === state.selected?.id;
    const isNews =
      !isSame || selected?.revision !== state.selected?.revision || selected?.step !== state.selected?.step;
    change({ jobs: known ? list : null, selected, series: isSame ? state.series : null });
    if (isNews) refresh();
  };

  return {
    get state() {
      return state;
    },
    setWire: (wire) => change({ wire }),
    select(jobId) {
      wanted = jobId;
      publish();
    },
    async follow(connected, signal) {
      client = connected;
      // The list first: an engine without runs has nothing to say on `watch`, and "none" must be told from "not yet".
      for (const job of await connected.jobs.list({ limit: 500 }, { signal })) jobs.set(job.id, job);
      known = true;
      publish();
      refresh();
      for await (const job of await connected.jobs.watch(undefined, { signal })) {
        jobs.set(job.id, job);
        publish();
      }
    },
  };
}

/** What is shown when nothing was chosen: the training that runs, else the newest one, else the newest run. */
function mostInteresting(newestFirst: readonly JobView[]): JobView | null {
  const trainings = newestFirst.filter((job) => job.kind === 'train');
  return trainings.find((job) => job.state === 'running') ?? trainings[0] ?? newestFirst[0] ?? null;
}

async function loadSeries(client: ForgeClient, job: string): Promise<LossSeries> {
  const loaded = await client.runs.series({ job, names: Object.values(seriesNames), points });
  const named = (name: string) => loaded.find((series) => series.name === name) ?? emptySeries;
  return { train: named(seriesNames.train), heldOut: named(seriesNames.heldOut) };
}

/** Runs at once, then at most once per period, never two at a time; a call in between is not lost. A failure waits for the next call. */
function throttled(periodMs: number, run: () => Promise<void>): () => void {
  let isBusy = false;
  let isAsked = false;
  const start = () => {
    isBusy = true;
    isAsked = false;
    const pause = () => new Promise((resolve) => setTimeout(resolve, periodMs));
    void run()
      .catch((error: unknown) => console.warn('The curve could not be loaded.', error))
      .then(pause)
      .then(() => {
        isBusy = false;
        if (isAsked) start();
      });
  };
  return () => {
    if (isBusy) isAsked = true;
    else start();
  };
}
