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

/** What a run measured. */
export interface MeasuredSeries extends DrawnSeries {
  /** How often a value was changed, put between others or let go: what was derived from the series is then made anew. */
  readonly rewrites: number;
  /** True when there are more points than it holds: coming near, one asks for the stretch. */
  readonly isThinned: boolean;
}

/** Points one curve may hold in the page: about 1 MB. */
const mostPointsHeld = 32_768;

/**
 * One metric over the steps of a run, kept outside React and within bounds: of too many points the newest quarter stays as it is, and of the older ones
 * the extremes and the gaps of equal stretches.
 */
export class LiveSeries implements MeasuredSeries {
  readonly #most: number;
  #steps = new GrowableColumn();
  #values = new GrowableColumn();
  #pyramid = new ExtremePyramid(this.#values);
  #revision = 0;
  #rewrites = 0;
  #isThinned = false;

  constructor(most = mostPointsHeld) {
    this.#most = most;
  }

  get isThinned(): boolean {
    return this.#isThinned;
  }

  get length(): number {
    return this.#steps.length;
  }

  get revision(): number {
    return this.#revision;
  }

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
    if (this.length > this.#most) this.#thin();
  }

  /** The points that were put are a choice of more. */
  markThinned(): void {
    this.#isThinned = true;
  }

  #thin(): void {
    const kept = Math.floor(this.#most / 4);
    const cut = this.length - kept;
    const [steps, values] = [new GrowableColumn(), new GrowableColumn()];
    const keep = (index: number): void => {
      steps.push(this.#steps.at(index));
      values.push(this.#values.at(index));
    };
    const [first, last] = [this.#steps.at(0), this.#steps.at(cut)];
    const stretches = Math.max(1, Math.floor(kept / 3));
    for (let stretch = 1, from = 0; from < cut; stretch += 1) {
      const border = this.indexOf(first + ((last - first) * stretch) / stretches);
      const to = stretch >= stretches ? cut : Math.min(cut, border);
      const { lowest, highest, firstGap } = this.extremes(from, to);
      // The very first point stays: without it the curve would begin elsewhere.
      const chosen = new Set([from === 0 && to > 0 ? 0 : -1, lowest, highest, firstGap]);
      for (const index of [...chosen].filter((one) => one >= 0).sort((one, other) => one - other)) keep(index);
      from = to;
    }
    for (let index = cut; index < this.length; index += 1) keep(index);
    this.#steps = steps;
    this.#values = values;
    this.#pyramid = new ExtremePyramid(values);
    this.#pyramid.extend();
    this.#rewrites += 1;
    this.#isThinned = true;
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
