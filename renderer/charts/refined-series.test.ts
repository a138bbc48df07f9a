import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveSeries } from './live-series.ts';
import { RefinedSeries } from './refined-series.ts';
import { SmoothedSeries } from './smoothed-series.ts';

function thinnedTo(most: number, points: number, valueAt: (step: number) => number = (step) => step): LiveSeries {
  const series = new LiveSeries(most);
  for (let step = 1; step <= points; step += 1) series.put(step, valueAt(step));
  return series;
}

const stepsOf = (series: { length: number; step(index: number): number }): number[] =>
  Array.from({ length: series.length }, (_, index) => series.step(index));

test('a series never holds more than its bound, keeps spikes and gaps of what it let go, and its newest points in full', () => {
  const series = thinnedTo(1_000, 50_000, (step) => (step === 777 ? 99 : step === 888 ? Number.NaN : step % 10));
  assert.ok(series.isThinned && series.length <= 1_000, `${series.length}`);
  assert.equal(series.value(series.indexOf(777)), 99);
  assert.ok(Number.isNaN(series.value(series.indexOf(888))));
  const newest = stepsOf(series).slice(-200);
  assert.deepEqual([newest[0], newest.at(-1)], [49_801, 50_000]);
  assert.deepEqual(
    stepsOf(series),
    stepsOf(series).toSorted((one, other) => one - other),
  );
  const half = stepsOf(series).filter((step) => step <= 25_000).length;
  assert.ok(half > 50, `the older half keeps ${half} points`);
  assert.equal(series.extremes(0, series.length).highest, series.indexOf(777));
});

test('a million points of six curves take less than 64 MB', () => {
  const before = process.memoryUsage().arrayBuffers;
  const all = Array.from({ length: 6 }, () => new LiveSeries());
  for (let step = 1; step <= 1_000_000; step += 1) all[step % 6]?.put(step, Math.sin(step));
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < 64e6, `${grown} bytes`);
  assert.ok(all.every(({ length }) => length <= 32_768));
});

test('one stretch in full lies between the thinned rest, and what comes at the end is followed', () => {
  const source = thinnedTo(1_000, 50_000);
  const steps = Array.from({ length: 101 }, (_, index) => 10_000 + index);
  const refined = new RefinedSeries(source, { steps, values: steps.map((step) => (step === 10_050 ? null : 7)) });
  const inSpan = stepsOf(refined).filter((step) => step >= 10_000 && step <= 10_100);
  assert.deepEqual(inSpan, steps);
  assert.ok(Number.isNaN(refined.value(refined.indexOf(10_050))));
  assert.deepEqual([refined.step(0), refined.step(refined.length - 1)], [source.step(0), 50_000]);
  const smoothed = new SmoothedSeries(refined, 0.9);
  assert.equal(smoothed.length, refined.length);
  source.put(50_001, 3);
  assert.equal(refined.step(refined.length - 1), 50_001);
  assert.equal(smoothed.step(smoothed.length - 1), 50_001);
  for (let step = 50_002; step < 53_000; step += 1) source.put(step, 1);
  assert.equal(refined.step(refined.length - 1), 52_999);
  assert.deepEqual(
    stepsOf(refined).filter((step) => step >= 10_000 && step <= 10_100),
    steps,
  );
});

test('a stretch without a point leaves the series as it was', () => {
  const source = thinnedTo(1_000, 5_000);
  assert.deepEqual(stepsOf(new RefinedSeries(source, { steps: [], values: [] })), stepsOf(source));
});
