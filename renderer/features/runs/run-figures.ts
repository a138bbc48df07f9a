import { lastFinite, type DrawnSeries } from '../../charts/live-series.ts';
import type { Checkpoint, Hello, RunFacts, Sample } from './run-recorder.ts';

export interface RecentChange {
  readonly now: number;
  /** Difference to the mean of the stretch before; null while there is too little to compare. */
  readonly change: number | null;
  /** How many steps lie between the two stretches. */
  readonly steps: number;
}

/**
 * Where a noisy curve is and where it is going: the mean of its newest tenth (1 to 10 points) against the tenth before. Null without a
 * number.
 */
export function recentChange(series: DrawnSeries): RecentChange | null {
  const last = lastFinite(series);
  if (last < 0) return null;
  const width = Math.max(1, Math.min(10, Math.floor((last + 1) / 10)));
  const now = meanBack(series, last, width);
  if (last - width < 0 || now === null) return { now: series.value(last), change: null, steps: 0 };
  const before = meanBack(series, last - width, width);
  const steps = series.step(last) - series.step(last - width);
  return { now: series.value(last), change: before === null ? null : now - before, steps };
}

function meanBack(series: DrawnSeries, from: number, count: number): number | null {
  let sum = 0;
  let found = 0;
  for (let index = from; index > from - count && index >= 0; index -= 1) {
    const value = series.value(index);
    if (Number.isNaN(value)) continue;
    sum += value;
    found += 1;
  }
  return found === 0 ? null : sum / found;
}

/** The best checkpoint so far: the newest that was called best. */
export function bestCheckpoint({ checkpoints }: Pick<RunFacts, 'checkpoints'>): Checkpoint | null {
  return checkpoints.findLast(({ best }) => best) ?? null;
}

/** What is on disk of all that were written: a run keeps its best and its newest checkpoint (docs/worker-protocol.md). Newest first. */
export function keptCheckpoints(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
  const newest = checkpoints.at(-1);
  const best = bestCheckpoint({ checkpoints });
  return [...new Set([newest, best])].filter((one) => one !== undefined && one !== null);
}

export interface SampleThread {
  readonly promptIndex: number;
  readonly prompt: string;
  readonly expected: string | null;
  /** Ascending by step. */
  readonly answers: readonly { readonly step: number; readonly answer: string }[];
}

/** The answers to each prompt as training went on. */
export function sampleThreads(samples: readonly Sample[]): readonly SampleThread[] {
  const byPrompt = Map.groupBy(samples, ({ promptIndex }) => promptIndex);
  return [...byPrompt]
    .sort(([one], [other]) => one - other)
    .map(([promptIndex, own]) => ({
      promptIndex,
      prompt: own[0]?.prompt ?? '',
      expected: own.find(({ expected }) => expected !== null)?.expected ?? null,
      answers: own.map(({ step, answer }) => ({ step, answer })).sort((one, other) => one.step - other.step),
    }));
}

/** The answers that stand side by side: the first, the newest, and evenly between them; at most `most`. */
export function chosenAnswers<T>(answers: readonly T[], most: number): readonly T[] {
  if (answers.length <= most) return answers;
  const indices = Array.from({ length: most }, (_, place) => Math.round((place * (answers.length - 1)) / (most - 1)));
  return [...new Set(indices)].flatMap((index) => answers[index] ?? []);
}

/** The answer to the first prompt that is nearest to a step: what hovering the curve shows beside its values. */
export function sampleNear(samples: readonly Sample[], step: number): Sample | null {
  let nearest: Sample | null = null;
  for (const sample of samples) {
    if (sample.promptIndex !== 0) continue;
    if (nearest === null || Math.abs(sample.step - step) < Math.abs(nearest.step - step)) nearest = sample;
  }
  return nearest;
}

export interface SettingRow {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

/** What really held in the run, as the worker said at its start. */
export function settingRows(hello: Hello | null): readonly SettingRow[] {
  return Object.entries(hello?.effective ?? {}).map(([name, { value, reason }]) => ({
    name,
    value: settingText(value),
    reason,
  }));
}

function settingText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((part) => settingText(part)).join(', ');
  return JSON.stringify(value) ?? '';
}
