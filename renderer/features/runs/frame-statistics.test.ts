import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameSummary } from './frame-statistics.ts';

test('one slow frame in two hundred shows in the worst, not in the middle', () => {
  const gaps = [...Array.from({ length: 199 }, () => 16), 400];
  const { p50Ms, p99Ms, worstMs, frames } = frameSummary(gaps, 1);
  assert.deepEqual({ p50Ms, p99Ms, worstMs, frames }, { p50Ms: 16, p99Ms: 16, worstMs: 400, frames: 200 });
});

test('three slow ones in two hundred are the ninety-ninth percentile', () => {
  assert.equal(frameSummary([...Array.from({ length: 197 }, () => 16), 50, 50, 50], 0).p99Ms, 50);
});

test('without frames there is nothing to say', () => {
  assert.deepEqual(frameSummary([], 0), {
    seconds: 0,
    frames: 0,
    framesPerSecond: 0,
    p50Ms: 0,
    p99Ms: 0,
    worstMs: 0,
    longTasks: 0,
  });
});
