import { ExtremePyramid, type Extremes } from './extreme-pyramid.ts';
import { GrowableColumn } from './growable-column.ts';

/** What a chart reads: values over ascending steps. NaN is a gap: the value was not a number, or cannot be drawn. */
export interface DrawnSeries {
  readonly length: number;
  /** Raised by every change. */
  readonly revision: number;
  step(index: number): number;
  value(index: number): number;
  /** First index whose step is not below `step`. */
  indexOf(step: number): number;
  extremes(from: number, to: number): Extremes;
}

/** One metric over the steps of a run, kept outside React. */
export class LiveSeries implements DrawnSeries {
  readonly #steps = new GrowableColumn();
  readonly #values = new GrowableColumn();
  readonly #pyramid = new ExtremePyramid(this.#values);
  #revision = 0;
  #rewrites = 0;

  get length(): number {
    return this.#steps.length;
  }

  get revision(): number {
    return this.#revision;
  }

  /** How often a value was changed or put between others: what was derived from the series is then made anew. */
  get rewrites(): number {
    return this.#rewrites;
  }

  step(index: number): number {
    return this.#steps.at(index);
  }

  value(index: number): number {
    return this.#values.at(index);
  }

  indexOf(step: number): number {
    return this.#steps.lowerBound(step);
  }

  extremes(from: number, to: number): Extremes {
    return this.#pyramid.extremes(from, to);
  }

  /** Adds a point; a step that is there already is replaced: a step done again counts as it was done last. Null is a gap. */
  put(step: number, value: number | null): void {
    const number = value === null || !Number.isFinite(value) ? Number.NaN : value;
    const last = this.length - 1;
    if (last < 0 || step > this.#steps.at(last)) {
      this.#steps.push(step);
      this.#values.push(number);
      this.#pyramid.extend();
    } else this.#rewrite(step, number);
    this.#revision += 1;
  }

  #rewrite(step: number, value: number): void {
    const index = this.indexOf(step);
    if (this.#steps.at(index) === step) {
      if (Object.is(this.#values.at(index), value)) return;
      this.#values.set(index, value);
    } else {
      this.#steps.insert(index, step);
      this.#values.insert(index, value);
    }
    this.#pyramid.rebuildFrom(index);
    this.#rewrites += 1;
  }
}

/** Index of the last finite value; -1 when there is none. */
export function lastFinite(series: DrawnSeries): number {
  for (let index = series.length - 1; index >= 0; index -= 1) {
    if (!Number.isNaN(series.value(index))) return index;
  }
  return -1;
}

/** Index of the point whose step is nearest to `step`, the earlier one of two; -1 in an empty series. */
export function nearestIndex(series: DrawnSeries, step: number): number {
  const after = series.indexOf(step);
  if (after === 0) return series.length === 0 ? -1 : 0;
  if (after === series.length) return after - 1;
  return series.step(after) - step < step - series.step(after - 1) ? after : after - 1;
}
