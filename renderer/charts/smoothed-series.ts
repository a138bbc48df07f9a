import { ExtremePyramid, type Extremes } from './extreme-pyramid.ts';
import { GrowableColumn } from './growable-column.ts';
import type { DrawnSeries, MeasuredSeries } from './live-series.ts';

/** The exponential moving average of a series, without the pull towards zero at its beginning. Gaps stay gaps. */
export class SmoothedSeries implements DrawnSeries {
  readonly #source: MeasuredSeries;
  readonly #weight: number;
  #values = new GrowableColumn();
  #pyramid = new ExtremePyramid(this.#values);
  #average = 0;
  #share = 1;
  #rewrites = 0;

  /** `weight` 0..0.99: how much of the average so far is kept at each point. */
  constructor(source: MeasuredSeries, weight: number) {
    this.#source = source;
    this.#weight = Math.min(0.99, Math.max(0, weight));
    this.#rewrites = source.rewrites;
  }

  get revision(): number {
    return this.#source.revision;
  }

  get length(): number {
    this.#follow();
    return this.#values.length;
  }

  step(index: number): number {
    return this.#source.step(index);
  }

  value(index: number): number {
    this.#follow();
    return this.#values.at(index);
  }

  indexOf(step: number): number {
    return this.#source.indexOf(step);
  }

  extremes(from: number, to: number): Extremes {
    this.#follow();
    return this.#pyramid.extremes(from, to);
  }

  #follow(): void {
    if (this.#rewrites !== this.#source.rewrites) this.#beginAgain();
    if (this.#values.length === this.#source.length) return;
    for (let index = this.#values.length; index < this.#source.length; index += 1) {
      this.#values.push(this.#next(this.#source.value(index)));
    }
    this.#pyramid.extend();
  }

  #next(value: number): number {
    if (Number.isNaN(value)) return value;
    this.#average = this.#weight * this.#average + (1 - this.#weight) * value;
    this.#share *= this.#weight;
    return this.#average / (1 - this.#share);
  }

  #beginAgain(): void {
    this.#rewrites = this.#source.rewrites;
    this.#values = new GrowableColumn();
    this.#pyramid = new ExtremePyramid(this.#values);
    this.#average = 0;
    this.#share = 1;
  }
}
