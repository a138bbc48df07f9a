import type { DrawnSeries } from './live-series.ts';

/** What is given to the canvas: null is a gap, undefined means that this line has no point at that step. */
export interface Polyline {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface DecimateOptions {
  /** Steps at the edges of the picture. */
  readonly from: number;
  readonly to: number;
  /** Columns of pixels; each gets at most two points and, where values were not numbers, one gap. */
  readonly columns: number;
  /** Values at or below 0 have no place on a logarithmic scale. */
  readonly isLog?: boolean;
}

/**
 * The points that are worth drawing: all of them while there are few, else the smallest and the largest of each column, in their order. One
 * point beyond each edge is kept, so that the line runs through it.
 */
export function decimate(series: DrawnSeries, { from, to, columns, isLog = false }: DecimateOptions): Polyline {
  const start = Math.max(0, series.indexOf(from) - 1);
  const end = Math.min(series.length, series.indexOf(to) + 2);
  const line = { steps: [] as number[], values: [] as (number | null)[] };
  const add = (index: number): void => {
    const value = series.value(index);
    line.steps.push(series.step(index));
    line.values.push(Number.isNaN(value) || (isLog && value <= 0) ? null : value);
  };
  if (end - start <= columns * 2) {
    for (let index = start; index < end; index += 1) add(index);
    return line;
  }
  let index = start;
  for (let column = 0; column < columns && index < end; column += 1) {
    const next =
      column === columns - 1 ? end : Math.min(end, series.indexOf(from + ((to - from) * (column + 1)) / columns));
    for (const kept of keptOf(series, index, next)) add(kept);
    index = Math.max(index, next);
  }
  return line;
}

function keptOf(series: DrawnSeries, from: number, to: number): number[] {
  if (to - from <= 2) return Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
  const { lowest, highest, firstGap } = series.extremes(from, to);
  return [...new Set([lowest, highest, firstGap])].filter((index) => index >= 0).sort((one, other) => one - other);
}

export type AlignedLines = [number[], ...(number | null | undefined)[][]];

/** Several lines over one list of steps, as uPlot wants them: undefined where a line has no point of its own. */
export function alignLines(lines: readonly Polyline[]): AlignedLines {
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return [[...only.steps], [...only.values]];
  const steps: number[] = [];
  const columns: (number | null | undefined)[][] = lines.map(() => []);
  const places = lines.map(() => 0);
  for (;;) {
    let next = Infinity;
    lines.forEach((line, at) => (next = Math.min(next, line.steps[places[at] ?? 0] ?? Infinity)));
    if (next === Infinity) return [steps, ...columns];
    steps.push(next);
    lines.forEach((line, at) => {
      const place = places[at] ?? 0;
      const isHere = line.steps[place] === next;
      columns[at]?.push(isHere ? line.values[place] : undefined);
      if (isHere) places[at] = place + 1;
    });
  }
}

/** Smallest and largest drawn value within the picture, where lines run through its edges included; null when there is none. */
export function valueRange(lines: readonly Polyline[], from: number, to: number): { low: number; high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  const meet = (value: number | null): void => {
    if (value === null) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const line of lines) {
    const { steps, values } = line;
    for (let index = 0; index < steps.length; index += 1) {
      const step = steps[index] ?? 0;
      if (step >= from && step <= to) meet(values[index] ?? null);
    }
    meet(heightAt(line, from));
    meet(heightAt(line, to));
  }
  return low <= high ? { low, high } : null;
}

/** Where the drawn line runs at a step between two of its points; null where it does not run. */
export function heightAt({ steps, values }: Polyline, step: number): number | null {
  const after = steps.findIndex((one) => one >= step);
  const [right, left] = [values[after] ?? null, values[after - 1] ?? null];
  if (after < 0 || right === null) return null;
  const [rightStep = step, leftStep] = [steps[after], steps[after - 1]];
  if (rightStep === step) return right;
  return left === null || leftStep === undefined
    ? null
    : left + ((right - left) * (step - leftStep)) / (rightStep - leftStep);
}
