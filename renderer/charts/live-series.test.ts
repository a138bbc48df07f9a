import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveSeries, lastFinite, nearestIndex } from './live-series.ts';
import { SmoothedSeries } from './smoothed-series.ts';

function pointsOf(series: { length: number; step(index: number): number; value(index: number): number }): number[][] {
  return Array.from({ length: series.length }, (_, index) => [series.step(index), series.value(index)]);
}

test('a step that is done again replaces its point, a late one finds its place', () => {
  const series = new LiveSeries();
  for (const step of [10, 20, 30]) series.put(step, step);
  series.put(20, 5);
  series.put(15, 1);
  assert.deepEqual(pointsOf(series), [
    [10, 10],
    [15, 1],
    [20, 5],
    [30, 30],
  ]);
  assert.equal(series.value(series.extremes(0, 4).lowest), 1);
});

test('null and numbers that are none become gaps and are no extremes', () => {
  const series = new LiveSeries();
  series.put(1, 2);
  series.put(2, null);
  series.put(3, Infinity);
  assert.deepEqual(pointsOf(series), [
    [1, 2],
    [2, Number.NaN],
    [3, Number.NaN],
  ]);
  assert.equal(lastFinite(series), 0);
  assert.equal(series.extremes(0, 3).firstGap, 1);
});

test('putting the same point again is no rewrite, so that a reader who gets points twice costs nothing', () => {
  const series = new LiveSeries();
  series.put(1, 2);
  series.put(2, null);
  series.put(1, 2);
  series.put(2, null);
  assert.equal(series.rewrites, 0);
  series.put(1, 3);
  assert.equal(series.rewrites, 1);
});

test('the nearest point is found on both sides and at the ends', () => {
  const series = new LiveSeries();
  assert.equal(nearestIndex(series, 5), -1);
  for (const step of [10, 20, 40]) series.put(step, 1);
  assert.deepEqual(
    [0, 14, 15, 16, 29, 31, 99].map((step) => nearestIndex(series, step)),
    [0, 0, 0, 1, 1, 2, 2],
  );
});

test('smoothing starts at the first value, follows live points and is made anew after a rewrite', () => {
  const series = new LiveSeries();
  const smooth = new SmoothedSeries(series, 0.5);
  series.put(1, 4);
  assert.equal(smooth.value(0), 4);
  series.put(2, 1);
  // (0.5 * 0.5 * 4 + 0.5 * 1) / (1 - 0.25)
  assert.equal(smooth.value(1), 2);
  series.put(3, null);
  series.put(4, 2);
  assert.ok(Number.isNaN(smooth.value(2)));
  assert.equal(smooth.value(3), 2);
  series.put(1, 1);
  assert.deepEqual([smooth.value(0), smooth.value(1)], [1, 1]);
  assert.equal(smooth.extremes(0, smooth.length).firstGap, 2);
});

test('without smoothing every value stays as measured', () => {
  const series = new LiveSeries();
  const smooth = new SmoothedSeries(series, 0);
  [3, 1, 2].forEach((value, step) => series.put(step, value));
  assert.deepEqual([smooth.value(0), smooth.value(1), smooth.value(2)], [3, 1, 2]);
});
