import type { Extremes } from './extreme-pyramid.ts';
import { LiveSeries, type MeasuredSeries } from './live-series.ts';

/** Measured points of a stretch, ascending; null is a gap. */
export interface SpanPoints {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

/**
 * A thinned series with one stretch of it in full: what lies outside of the stretch is the source's, and so is what comes at its end from now on.
 */
export class RefinedSeries implements MeasuredSeries {
  readonly isThinned = true;
  readonly #source: MeasuredSeries;
  readonly #span: SpanPoints;
  #own: LiveSeries;
  #rewritesOfSource: number;
  #rebuilds = 0;

  constructor(source: MeasuredSeries, span: SpanPoints) {
    this.#source = source;
    this.#span = span;
    this.#rewritesOfSource = source.rewrites;
    this.#own = this.#made();
  }

  get length(): number {
    this.#follow();
    return this.#own.length;
  }

  get revision(): number {
    return this.#source.revision;
  }

  get rewrites(): number {
    this.#follow();
    return this.#rebuilds;
  }

  step(index: number): number {
    return this.#own.step(index);
  }

  value(index: number): number {
    return this.#own.value(index);
  }

  indexOf(step: number): number {
    this.#follow();
    return this.#own.indexOf(step);
  }

  extremes(from: number, to: number): Extremes {
    this.#follow();
    return this.#own.extremes(from, to);
  }

  #made(): LiveSeries {
    const own = new LiveSeries(Infinity);
    const { steps, values } = this.#span;
    const first = steps[0] ?? Infinity;
    const source = this.#source;
    for (let index = 0; index < source.length && source.step(index) < first; index += 1)
      own.put(source.step(index), source.value(index));
    steps.forEach((step, index) => own.put(step, values[index] ?? null));
    this.#append(own);
    return own;
  }

  #follow(): void {
    if (this.#rewritesOfSource !== this.#source.rewrites) {
      this.#rewritesOfSource = this.#source.rewrites;
      this.#rebuilds += 1;
      this.#own = this.#made();
    } else this.#append(this.#own);
  }

  /** What the source has behind the last step. */
  #append(own: LiveSeries): void {
    const source = this.#source;
    const last = own.length === 0 ? -Infinity : own.step(own.length - 1);
    if (source.length === 0 || source.step(source.length - 1) <= last) return;
    for (let index = source.indexOf(last); index < source.length; index += 1)
      if (source.step(index) > last) own.put(source.step(index), source.value(index));
  }
}
