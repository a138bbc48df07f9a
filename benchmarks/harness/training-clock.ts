import type { KnownWorkerEvent } from '#contract/events.ts';

/** A training as its events tell it from outside. */
export interface TrainingClock {
  /** From the end of the measuring phase to the last finished step, wall time. */
  readonly seconds: number;
  readonly steps: number;
  /** Answer tokens learned. */
  readonly tokens: number;
}

/** Throws when the events hold no finished step. */
export function clockOf(events: readonly KnownWorkerEvent[]): TrainingClock {
  const begun = trainingBegunAt(events);
  const last = events.findLast((event) => event.type === 'metric' && 'loss' in event.values);
  if (begun === null || last?.type !== 'metric') throw new Error('the training left no finished step');
  return { seconds: (last.t - begun) / 1_000, steps: last.step, tokens: last.tokens };
}

/** Unix time (ms) at which the steps begin, or null while the worker still loads and measures. */
export function trainingBegunAt(events: readonly KnownWorkerEvent[]): number | null {
  return events.find(({ type }) => type === 'measured')?.t ?? null;
}

/** Training losses by step. */
export function lossesOf(events: readonly KnownWorkerEvent[]): Map<number, number> {
  const losses = new Map<number, number>();
  for (const event of events) {
    const loss = event.type === 'metric' ? event.values['loss'] : undefined;
    if (event.type === 'metric' && typeof loss === 'number') losses.set(event.step, loss);
  }
  return losses;
}

/** A setting as the worker read it back from the objects it built. */
export function effectiveSetting(events: readonly KnownWorkerEvent[], name: string): unknown {
  const hello = events.find(({ type }) => type === 'hello');
  return hello?.type === 'hello' ? hello.effective[name]?.value : undefined;
}
