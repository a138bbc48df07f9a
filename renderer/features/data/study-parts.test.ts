import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Histogram } from '#contract/study.ts';
import { barsOf, concernsOf, listsOf } from './study-parts.ts';
import { studyOf } from './study-fixtures.ts';

const histogram = (...counts: readonly number[]): Histogram => ({
  bounds: counts.map((_, index) => index * 10),
  buckets: counts.map((count) => ({ count, ids: [] })),
  minimum: 0,
  median: 5,
  percentile95: 20,
  maximum: 30,
  mean: 6,
});

test('empty ends of a histogram are left out, a gap in it stays', () => {
  assert.deepEqual(
    barsOf(histogram(0, 4, 0, 8, 0)).map(({ from, to, height }) => [from, to, height]),
    [
      [10, 20, 0.5],
      [20, 30, 0],
      [30, 40, 1],
    ],
  );
  assert.deepEqual(barsOf(histogram(0, 0)), []);
  assert.equal(barsOf(histogram(1, 2)).at(-1)?.to, null);
});

test('too many bars to be hit are put together, and no row is lost', () => {
  const bars = barsOf(histogram(...Array.from({ length: 30 }, (_, index) => index + 1)));
  assert.equal(bars.length, 8);
  assert.equal(
    bars.reduce((sum, { rows }) => sum + rows.count, 0),
    465,
  );
  assert.deepEqual([bars[0]?.from, bars[0]?.to, bars.at(-1)?.from, bars.at(-1)?.to], [0, 40, 280, null]);
});

test('what was found comes before what was looked for in vain, and a row of two kinds is one row', () => {
  const report = studyOf();
  const found = concernsOf(report);
  assert.equal(found.find(({ id }) => id === 'pii')?.rows.count, 2);
  const firstEmpty = found.findIndex(({ rows }) => rows.count === 0);
  assert.ok(found.slice(firstEmpty).every(({ rows }) => rows.count === 0));
});

test('lists without rows are not shown', () => {
  assert.ok(listsOf(studyOf({ teachers: [] })).every(({ id }) => id !== 'teachers'));
});
