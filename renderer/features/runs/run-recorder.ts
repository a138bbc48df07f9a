import type { z } from 'zod';
import {
  knownWorkerEvent,
  type checkpointEvent,
  type doneEvent,
  type failedEvent,
  type helloEvent,
  type interventionEvent,
  type invariantEvent,
  type KnownWorkerEvent,
  type measuredEvent,
  type metricEvent,
  type phaseEvent,
  type sampleEvent,
  type UnknownWorkerEvent,
} from '#contract/events.ts';
import { LiveSeries } from '../../charts/live-series.ts';

/** Metrics that have a chart; what a worker calls them (docs/worker-protocol.md). */
export const metricNames = [
  'loss',
  'validationLoss',
  'learningRate',
  'gradientNorm',
  'tokensPerSecond',
  'memoryBytes',
] as const;
export type MetricName = (typeof metricNames)[number];
export type RunSeries = Readonly<Record<MetricName, LiveSeries>>;

export type Hello = z.infer<typeof helloEvent>;
export type Phase = z.infer<typeof phaseEvent>;
export type Measured = z.infer<typeof measuredEvent>;
export type Sample = z.infer<typeof sampleEvent>;
export type Checkpoint = z.infer<typeof checkpointEvent>;
export type Intervention = z.infer<typeof interventionEvent>;
export type Invariant = z.infer<typeof invariantEvent>;
export type Done = z.infer<typeof doneEvent>;
export type Failed = z.infer<typeof failedEvent>;

/** One line of the run's story. An event of a type that this version does not know is shown as it came. */
export type RunEntry = { readonly id: number; readonly step: number | null } & (
  | { readonly known: true; readonly event: KnownWorkerEvent }
  | { readonly known: false; readonly event: UnknownWorkerEvent }
);

export interface PlacedIntervention {
  readonly id: number;
  /** Step it happened at; null while that is not known. */
  readonly step: number | null;
  readonly event: Intervention;
}

/** What is known of a run besides its curves. A new object after each change. */
export interface RunFacts {
  readonly hello: Hello | null;
  readonly phase: Phase | null;
  readonly measured: Measured | null;
  readonly step: number | null;
  readonly samples: readonly Sample[];
  readonly checkpoints: readonly Checkpoint[];
  readonly interventions: readonly PlacedIntervention[];
  /** By name; one that failed once stays failed. */
  readonly invariants: readonly Invariant[];
  /** The newest, oldest first. */
  readonly entries: readonly RunEntry[];
  readonly droppedEntries: number;
  readonly done: Done | null;
  readonly failed: Failed | null;
}

export const noFacts: RunFacts = {
  hello: null,
  phase: null,
  measured: null,
  step: null,
  samples: [],
  checkpoints: [],
  interventions: [],
  invariants: [],
  entries: [],
  droppedEntries: 0,
  done: null,
  failed: null,
};

export interface ThinnedHistory {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  readonly total: number;
}

/** Bounds of what one run may hold in this window. */
const mostEntries = 5_000;
const mostSamples = 3_000;
const mostOfAKind = 2_000;

/**
 * Takes the events of a run in, in order: curves into typed arrays that charts read by themselves, everything else into `facts`. One for
 * each run that is open.
 */
export class RunRecorder {
  readonly series: RunSeries = Object.freeze({
    loss: new LiveSeries(),
    validationLoss: new LiveSeries(),
    learningRate: new LiveSeries(),
    gradientNorm: new LiveSeries(),
    tokensPerSecond: new LiveSeries(),
    memoryBytes: new LiveSeries(),
  });
  /** Position in the run's log up to which everything was taken in; 0 before the history. */
  cursor = 0;
  hasHistory = false;
  #facts: RunFacts = noFacts;
  #nextId = 1;

  get facts(): RunFacts {
    return this.#facts;
  }

  /** @returns true when `facts` changed: curves alone do not change them. */
  take(events: readonly UnknownWorkerEvent[]): boolean {
    const before = this.#facts;
    const draft: Draft = { ...before, added: [] };
    for (const raw of events) {
      const parsed = knownWorkerEvent.safeParse(raw);
      if (parsed.success) this.#takeKnown(parsed.data, draft);
      else this.#addEntry(draft, { known: false, event: raw });
    }
    this.#facts = settled(draft, before);
    return this.#facts !== before;
  }

  /** The history of one metric; `total` is how many points it was thinned from. */
  takeSeries(name: string, { steps, values, total }: ThinnedHistory): void {
    const series = this.#seriesOf(name);
    steps.forEach((step, index) => series?.put(step, values[index] ?? null));
    if (total > steps.length) series?.markThinned();
  }

  /** The step of an intervention that its own event does not tell. */
  placeIntervention(id: number, step: number): void {
    const interventions = this.#facts.interventions.map((one) => (one.id === id ? { ...one, step } : one));
    this.#facts = { ...this.#facts, interventions };
  }

  #takeKnown(event: KnownWorkerEvent, draft: Draft): void {
    switch (event.type) {
      case 'metric':
        return this.#takeMetric(event, draft);
      case 'phase':
        draft.phase = event;
        return;
      case 'heartbeat':
        if (event.step > 0) draft.step = event.step;
        return;
      case 'sample':
        draft.samples = bounded([...draft.samples.filter((known) => !isSamePlace(known, event)), event], mostSamples);
        return;
      case 'invariant':
        draft.invariants = withInvariant(draft.invariants, event);
        return;
      default:
        return this.#takeStory(event, draft);
    }
  }

  #takeMetric({ step, values, nonFinite }: z.infer<typeof metricEvent>, draft: Draft): void {
    for (const [name, value] of Object.entries(values)) this.#seriesOf(name)?.put(step, value);
    for (const name of nonFinite) this.#seriesOf(name)?.put(step, null);
    draft.step = step;
  }

  #takeStory(event: Story, draft: Draft): void {
    const id = this.#addEntry(draft, { known: true, event });
    if (event.type === 'hello') {
      // A new attempt: what the one before said about its end no longer holds.
      Object.assign(draft, { hello: event, done: null, failed: null });
    }
    if (event.type === 'measured') draft.measured = event;
    if (event.type === 'checkpoint') {
      draft.checkpoints = bounded([...draft.checkpoints.filter(({ path }) => path !== event.path), event], mostOfAKind);
    }
    if (event.type === 'intervention') {
      const placed = { id, step: stepOf(event) ?? (this.hasHistory ? draft.step : null), event };
      draft.interventions = bounded([...draft.interventions, placed], mostOfAKind);
    }
    if (event.type === 'done') draft.done = event;
    if (event.type === 'failed') draft.failed = event;
  }

  #addEntry(draft: Draft, entry: Pick<RunEntry, 'known' | 'event'>): number {
    const id = this.#nextId;
    this.#nextId += 1;
    draft.added.push({ id, step: stepOf(entry.event) ?? (this.hasHistory ? draft.step : null), ...entry } as RunEntry);
    return id;
  }

  #seriesOf(name: string): LiveSeries | undefined {
    return metricNames.some((known) => known === name) ? this.series[name as MetricName] : undefined;
  }
}

type Draft = { -readonly [K in keyof RunFacts]: RunFacts[K] } & { added: RunEntry[] };
type Story = Exclude<KnownWorkerEvent, { type: 'metric' | 'phase' | 'heartbeat' | 'sample' | 'invariant' }>;

function settled({ added, ...draft }: Draft, before: RunFacts): RunFacts {
  if (added.length > 0) {
    const all = [...draft.entries, ...added];
    draft.entries = bounded(all, mostEntries);
    draft.droppedEntries += all.length - draft.entries.length;
  }
  const hasChanged = (Object.keys(before) as (keyof RunFacts)[]).some((key) => draft[key] !== before[key]);
  return hasChanged ? draft : before;
}

/** An answer after the same step to the same prompt, given again by the next attempt. */
function isSamePlace(known: Sample, sample: Sample): boolean {
  return known.step === sample.step && known.promptIndex === sample.promptIndex;
}

function withInvariant(known: readonly Invariant[], event: Invariant): readonly Invariant[] {
  const index = known.findIndex(({ name }) => name === event.name);
  if (index < 0) return bounded([...known, event], mostOfAKind);
  if (known[index]?.ok === false && event.ok) return known;
  return known.with(index, event);
}

function bounded<T>(all: readonly T[], most: number): readonly T[] {
  return all.length > most ? all.slice(all.length - most) : all;
}

/** The step an event tells by itself. */
function stepOf(event: KnownWorkerEvent | UnknownWorkerEvent): number | null {
  const { step, before } = event as { readonly step?: unknown; readonly before?: unknown };
  if (typeof step === 'number') return step;
  if (typeof before !== 'object' || before === null) return null;
  const { step: stepBefore } = before as { readonly step?: unknown };
  return typeof stepBefore === 'number' ? stepBefore : null;
}
