import { z } from 'zod';

/** What a figure must reach. `at most 150 ms`, `at least 1.3 x`. */
export const bar = z.object({ kind: z.enum(['at least', 'at most']), value: z.number() });
export type Bar = z.infer<typeof bar>;

/** One number that was measured; `detail` says in a few words how it came about. */
export const figure = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  bar: bar.nullable(),
  detail: z.string(),
});
export type Figure = z.infer<typeof figure>;

export type Verdict = 'met' | 'missed' | 'no bar';

/** A value exactly at its bar meets it. NaN meets nothing. */
export function verdictOf({ value, bar: wanted }: Pick<Figure, 'value' | 'bar'>): Verdict {
  if (wanted === null) return 'no bar';
  const met = wanted.kind === 'at least' ? value >= wanted.value : value <= wanted.value;
  return met ? 'met' : 'missed';
}

/** What a benchmark is run with. */
export interface BenchmarkSettings {
  /** Shows in a minute or two that the benchmark works; its figures mean nothing and are not written down. */
  readonly quick: boolean;
  /** Progress for a person, one line. */
  say(line: string): void;
}

/** A figure as the table announces it, measured or not. */
export interface PromisedFigure {
  readonly name: string;
  /** The bar in words, as the table shows it. */
  readonly bar: string;
}

export interface Benchmark {
  readonly name: string;
  /** What is compared with what, one sentence. */
  readonly question: string;
  /** Roughly how long a full run takes on 2 cores, in minutes. */
  readonly minutes: number;
  /** Named in the table while nothing was measured. */
  readonly promises: readonly PromisedFigure[];
  /** Throws `NotMeasurable` when the machine lacks something, anything else is a failure. */
  run(settings: BenchmarkSettings): Promise<readonly Figure[]>;
}

/** This machine can not measure this; the sentence says what it lacks. */
export class NotMeasurable extends Error {}

export function atLeast(value: number): Bar {
  return { kind: 'at least', value };
}

export function atMost(value: number): Bar {
  return { kind: 'at most', value };
}
