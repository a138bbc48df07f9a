import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignLines, decimate, heightAt, valueRange } from './decimate.ts';
import { LiveSeries } from './live-series.ts';

function seriesOf(points: readonly (readonly [number, number | null])[]): LiveSeries {
  const series = new LiveSeries();
  for (const [step, value] of points) series.put(step, value);
  return series;
}

test('few points are all drawn, with one beyond each edge', () => {
  const series = seriesOf([1, 2, 3, 4, 5, 6].map((step) => [step, step * 10]));
  assert.deepEqual(decimate(series, { from: 3, to: 4, columns: 100 }), {
    steps: [2, 3, 4, 5],
    values: [20, 30, 40, 50],
  });
});

test('of very many points at most two a column are drawn, and no spike is lost', () => {
  const series = new LiveSeries();
  for (let step = 0; step < 100_000; step += 1)
    series.put(step, step === 43_210 ? 99 : step === 61_234 ? -99 : Math.sin(step));
  const line = decimate(series, { from: 0, to: 99_999, columns: 500 });
  assert.ok(line.steps.length <= 1_000, `${line.steps.length} points`);
  assert.ok(line.values.includes(99) && line.values.includes(-99));
  assert.deepEqual(
    line.steps,
    line.steps.toSorted((one, other) => one - other),
  );
});

test('values that are not numbers stay visible as gaps after thinning', () => {
  const series = new LiveSeries();
  for (let step = 0; step < 10_000; step += 1) series.put(step, step === 5_000 ? null : 1);
  const line = decimate(series, { from: 0, to: 9_999, columns: 100 });
  assert.equal(line.steps[line.values.indexOf(null)], 5_000);
});

test('what a logarithmic scale cannot show is a gap', () => {
  const line = decimate(
    seriesOf([
      [1, 1],
      [2, 0],
      [3, -1],
    ]),
    { from: 1, to: 3, columns: 10, isLog: true },
  );
  assert.deepEqual(line.values, [1, null, null]);
});

test('lines with steps of their own share one list; undefined is no point, null is a gap', () => {
  const aligned = alignLines([
    { steps: [1, 2, 3], values: [10, null, 30] },
    { steps: [2, 4], values: [7, 8] },
  ]);
  assert.deepEqual(aligned, [
    [1, 2, 3, 4],
    [10, null, 30, undefined],
    [undefined, 7, undefined, 8],
  ]);
  assert.deepEqual(
    alignLines([
      { steps: [], values: [] },
      { steps: [], values: [] },
    ]),
    [[], [], []],
  );
});

test('the range of what is seen leaves out what lies beyond the edges, but not where a line runs through them', () => {
  const line = { steps: [1, 2, 3, 4], values: [100, 2, null, 5] };
  assert.deepEqual(valueRange([line], 2, 4), { low: 2, high: 5 });
  assert.equal(valueRange([line], 3, 3), null);
  assert.deepEqual(valueRange([line], 1.5, 2), { low: 2, high: 51 });
});

test('between two points a line has a height, at a gap and beyond its ends it has none', () => {
  const line = { steps: [0, 10, 20, 30], values: [1, 3, null, 7] };
  assert.deepEqual(
    [-1, 0, 5, 10, 15, 25, 30, 31].map((step) => heightAt(line, step)),
    [null, 1, 2, 3, null, null, 7, null],
  );
});
