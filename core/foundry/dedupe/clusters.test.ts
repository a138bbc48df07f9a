import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepBest, type RowMerits } from './clusters.ts';

const rows: readonly RowMerits[] = [
  { length: 10, score: 0.5, timeMs: 300 },
  { length: 30, score: 0.9 },
  { length: 30, timeMs: 500 },
  { length: 5 },
];
const meritsOf = (row: number): RowMerits => rows[row] ?? { length: 0 };

test('the longest, the best scored or the newest row of a cluster stays; of equal ones the earliest', () => {
  const cluster = [0, 1, 2, 3];
  assert.equal(keepBest(cluster, 'longest', meritsOf), 1);
  assert.equal(keepBest(cluster, 'highest-score', meritsOf), 1);
  assert.equal(keepBest(cluster, 'newest', meritsOf), 2);
});

test('rows without score or time lose; where no row has one the earliest stays', () => {
  assert.equal(keepBest([3, 0], 'highest-score', meritsOf), 0);
  assert.equal(keepBest([2, 3], 'highest-score', meritsOf), 2);
  assert.throws(() => keepBest([], 'longest', meritsOf), RangeError);
});
