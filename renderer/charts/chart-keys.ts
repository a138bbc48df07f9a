import { panned, shownRange, wholeRange, zoomed, type StepRange } from './chart-range.ts';
import type { DrawnSeries } from './live-series.ts';
import { nearestIndex } from './live-series.ts';

export interface ChartPlace {
  readonly series: readonly DrawnSeries[];
  readonly range: StepRange | null;
  /** Where the pointer stands. */
  readonly step: number | null;
}

export type ChartMove =
  | { readonly kind: 'range'; readonly range: StepRange | null }
  | { readonly kind: 'point'; readonly step: number | null };

export interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
}

/** What a key does on a chart; null for a key that is not the chart's. */
export function moveForKey({ key, shiftKey }: PressedKey, place: ChartPlace): ChartMove | null {
  const whole = wholeRange(place.series);
  const shown = shownRange(place.range, whole);
  const around = place.step ?? (shown.from + shown.to) / 2;
  if (key === '+' || key === '=') return { kind: 'range', range: zoomed(shown, { whole, around, factor: 0.6 }) };
  if (key === '-') return { kind: 'range', range: zoomed(shown, { whole, around, factor: 1 / 0.6 }) };
  if (key === '0') return { kind: 'range', range: null };
  const side = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
  if (side !== 0 && shiftKey)
    return { kind: 'range', range: place.range === null ? null : panned(shown, whole, side * 0.25) };
  if (side !== 0) return { kind: 'point', step: neighbour(place, shown, side) };
  if (key === 'Home') return { kind: 'point', step: shown.from };
  if (key === 'End') return { kind: 'point', step: shown.to };
  return key === 'Escape' && place.step !== null ? { kind: 'point', step: null } : null;
}

/** The next measured point of the longest line; a fiftieth of the picture further where points lie closer than that. */
function neighbour({ series, step }: ChartPlace, shown: StepRange, side: number): number {
  const longest = series.reduce<DrawnSeries | null>(
    (found, one) => (found === null || one.length > found.length ? one : found),
    null,
  );
  if (step === null || longest === null || longest.length === 0) return side > 0 ? shown.from : shown.to;
  const next = step + (side * (shown.to - shown.from)) / 50;
  const near = nearestIndex(longest, step);
  const beside = longest.step(Math.min(longest.length - 1, Math.max(0, near + side)));
  const target = side > 0 ? Math.max(next, beside) : Math.min(next, beside);
  const found = longest.step(nearestIndex(longest, target));
  return Math.min(shown.to, Math.max(shown.from, found === step ? beside : found));
}
