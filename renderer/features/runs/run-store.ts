import { createStore, type StoreApi } from 'zustand/vanilla';
import { isForgeError } from '#contract/client.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { StepRange } from '../../charts/chart-range.ts';
import type { SpanPoints } from '../../charts/refined-series.ts';
import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';
import { followConsole, readConsole, type ConsoleSink } from './console-feed.ts';
import { followRun } from './follow-run.ts';
import { noFacts, RunRecorder, type MetricName, type RunFacts, type RunSeries } from './run-recorder.ts';

/** One run as a page shows it. */
export interface OpenRun {
  readonly job: string;
  readonly status: 'loading' | 'live' | 'ended' | 'failed';
  readonly failure: ForgeErrorData | null;
  readonly facts: RunFacts;
  /** Grows by itself, outside of this store: charts read it at their own pace. */
  readonly series: RunSeries;
  /** A stretch of one metric with all its points, up to 5,000. */
  readonly readSpan?: (name: MetricName, span: StepRange, signal: AbortSignal) => Promise<SpanPoints>;
}

export interface RunState {
  /** By the id of the worker job; only those that somebody looks at. */
  readonly runs: Readonly<Record<string, OpenRun>>;
  /** Reads a run from its beginning and follows it. Returns how to let go; the last to let go ends the reading. */
  open(job: string): () => void;
  /** Feeds a console from near its end. Returns how to stop. */
  openConsole(job: string, sink: ConsoleSink): () => void;
  /** Older bytes of a console, as text. */
  readConsole(job: string, range: { from: number; to: number }): Promise<string>;
}

export function createRunStore(engine: EngineAccess): StoreApi<RunState> {
  const readers = new Map<string, { count: number; stop: () => void }>();
  const store: StoreApi<RunState> = createStore<RunState>(() => ({
    runs: {},
    open(job) {
      const reader = readers.get(job) ?? { count: 0, stop: startReading(engine, store, job) };
      reader.count += 1;
      readers.set(job, reader);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        reader.count -= 1;
        if (reader.count > 0) return;
        reader.stop();
        readers.delete(job);
        store.setState(({ runs }) => ({ runs: without(runs, job) }));
      };
    },
    openConsole(job, sink) {
      const progress = { offset: null };
      return engine.follow((client, signal) => followConsole({ client, signal, job }, sink, progress));
    },
    readConsole: (job, range) =>
      engine.call((client) => readConsole({ client, signal: AbortSignal.timeout(consolePatienceMs), job }, range)),
  }));
  return store;
}

const consolePatienceMs = 30_000;
/** Each step changes the facts, and React draws the page's words anew for it; the curves have a clock of their own. */
const factsEveryMs = 250;

function startReading(engine: EngineAccess, store: StoreApi<RunState>, job: string): () => void {
  const recorder = new RunRecorder();
  const { series } = recorder;
  const readSpan = spanReader(engine, job);
  const change = (changed: Partial<OpenRun>): void => {
    store.setState(({ runs }) => {
      const known = runs[job] ?? { job, status: 'loading', failure: null, facts: noFacts, series, readSpan };
      return { runs: { ...runs, [job]: { ...known, ...changed } } };
    });
  };
  change({});
  return engine.follow(async (client, signal) => {
    let publishing: ReturnType<typeof setTimeout> | null = null;
    const publish = (): void => {
      publishing = null;
      if (!signal.aborted) change({ status: 'live', failure: null, facts: recorder.facts });
    };
    const onTaken = (factsChanged: boolean): void => {
      const isFirst = store.getState().runs[job]?.status !== 'live';
      if (isFirst) publish();
      else if (factsChanged) publishing ??= setTimeout(publish, factsEveryMs);
    };
    try {
      await followRun({ client, signal, job, recorder, onTaken });
      if (publishing !== null) clearTimeout(publishing);
      if (!signal.aborted) change({ status: 'ended', facts: recorder.facts });
    } catch (error) {
      // A lost connection starts the reading again by itself; what the engine refuses is told.
      if (!signal.aborted && isForgeError(error) !== null) change({ status: 'failed', failure: failureOf(error) });
      else throw error;
    }
  });
}

const spanPoints = 5_000;

function spanReader(engine: EngineAccess, job: string): NonNullable<OpenRun['readSpan']> {
  return async (name, { from, to }, signal) => {
    const input = { job, names: [name], points: spanPoints, from, to };
    const [span] = await engine.call((client) => client.runs.series(input, { signal }));
    return span ?? { steps: [], values: [] };
  };
}

function without<T>(all: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([known]) => known !== key));
}
