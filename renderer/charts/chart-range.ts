import { lastFinite, type DrawnSeries } from './live-series.ts';

export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** From the first to the last step of all series; 0 to 1 while there is nothing. A single step gets room on both sides. */
export function wholeRange(all: readonly DrawnSeries[]): StepRange {
  let from = Infinity;
  let to = -Infinity;
  for (const series of all) {
    if (series.length === 0) continue;
    from = Math.min(from, series.step(0));
    to = Math.max(to, series.step(series.length - 1));
  }
  if (from > to) return { from: 0, to: 1 };
  return from === to ? { from: from - 1, to: to + 1 } : { from, to };
}

/** The wished range as far as it lies in the whole; the whole when they do not meet. */
export function shownRange(wished: StepRange | null, whole: StepRange): StepRange {
  if (wished === null || wished.to <= whole.from || wished.from >= whole.to) return whole;
  return { from: Math.max(whole.from, wished.from), to: Math.min(whole.to, wished.to) };
}

/** `factor` below 1 comes nearer. Null when everything is seen again. At least two steps stay visible. */
export function zoomed(
  shown: StepRange,
  { whole, around, factor }: { whole: StepRange; around: number; factor: number },
): StepRange | null {
  const width = Math.max(Math.min(2, whole.to - whole.from), (shown.to - shown.from) * factor);
  if (width >= whole.to - whole.from) return null;
  const share = (around - shown.from) / (shown.to - shown.from);
  return within({ from: around - width * share, to: around + width * (1 - share) }, whole);
}

/** Moves what is seen by a share of its width, as far as there is something. */
export function panned(shown: StepRange, whole: StepRange, share: number): StepRange {
  const by = (shown.to - shown.from) * share;
  return within({ from: shown.from + by, to: shown.to + by }, whole);
}

function within({ from, to }: StepRange, whole: StepRange): StepRange {
  const width = to - from;
  if (from < whole.from) return { from: whole.from, to: whole.from + width };
  return to > whole.to ? { from: whole.to - width, to: whole.to } : { from, to };
}

export interface SeriesFacts {
  readonly points: number;
  readonly gaps: number;
  readonly first: { readonly step: number; readonly value: number };
  readonly last: { readonly step: number; readonly value: number };
  readonly lowest: { readonly step: number; readonly value: number };
  readonly highest: { readonly step: number; readonly value: number };
}

/** What the sentence for screen readers says; null without a single number. */
export function factsOf(series: DrawnSeries): SeriesFacts | null {
  const last = lastFinite(series);
  if (last < 0) return null;
  const { lowest, highest } = series.extremes(0, series.length);
  let first = 0;
  let gaps = 0;
  for (let index = 0; index < series.length; index += 1) if (Number.isNaN(series.value(index))) gaps += 1;
  while (Number.isNaN(series.value(first))) first += 1;
  const at = (index: number) => ({ step: series.step(index), value: series.value(index) });
  return { points: series.length, gaps, first: at(first), last: at(last), lowest: at(lowest), highest: at(highest) };
}

/**
 * Steps of a table of at most `most` rows: all there are within the range, else evenly chosen ones with the first and the last. Of a long
 * series only every so-manieth point is looked at.
 */
export function tableSteps(all: readonly DrawnSeries[], shown: StepRange, most: number): number[] {
  const steps = new Set<number>();
  for (const series of all) {
    const start = series.indexOf(shown.from);
    const end = Math.min(series.length, series.indexOf(shown.to) + 1);
    const stride = Math.max(1, Math.floor((end - start) / (most * 4)));
    for (let index = start; index < end; index += stride) steps.add(series.step(index));
    if (end > start) steps.add(series.step(end - 1));
  }
  const sorted = [...steps].filter((step) => step <= shown.to).sort((one, other) => one - other);
  if (sorted.length <= most) return sorted;
  return Array.from({ length: most }, (_, row) => sorted[Math.round((row * (sorted.length - 1)) / (most - 1))] ?? 0);
}
