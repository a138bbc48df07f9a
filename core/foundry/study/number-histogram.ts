import type { Histogram } from '#contract/study.ts';
import { createRowCounter } from './row-links.ts';
import type { RowLists } from './row-lists.ts';

/** Rows by a number >= 0. */
export interface NumberHistogram {
  add(value: number, id: string): void;
  readonly sum: number;
  report(): Histogram;
}

/** Quantiles are read from values rounded to three figures: at most some thousand of them, whatever the number of rows. */
function rounded(value: number): number {
  return value < 1_000 && Number.isInteger(value) ? value : Number(value.toPrecision(3));
}

/** @param bounds ascending, the first at or below every value; a value belongs to the last bound that is not above it */
export function createNumberHistogram(bounds: readonly number[], lists: RowLists | null): NumberHistogram {
  const buckets = bounds.map(() => createRowCounter(lists));
  const values = new Map<number, number>();
  let [count, sum, minimum, maximum] = [0, 0, Infinity, -Infinity];
  const quantile = (share: number): number => {
    let left = Math.max(1, Math.ceil(count * share));
    for (const value of [...values.keys()].toSorted((one, other) => one - other)) {
      left -= values.get(value) ?? 0;
      if (left <= 0) return value;
    }
    return 0;
  };
  return {
    get sum() {
      return sum;
    },
    add(value, id) {
      count += 1;
      sum += value;
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      const key = rounded(value);
      values.set(key, (values.get(key) ?? 0) + 1);
      let bucket = bounds.length - 1;
      while (bucket > 0 && value < (bounds[bucket] ?? 0)) bucket -= 1;
      buckets[bucket]?.add(id);
    },
    report: () => ({
      bounds: [...bounds],
      buckets: buckets.map((bucket) => bucket.link()),
      minimum: count === 0 ? 0 : minimum,
      median: quantile(0.5),
      percentile95: quantile(0.95),
      maximum: count === 0 ? 0 : maximum,
      mean: count === 0 ? 0 : sum / count,
    }),
  };
}
