import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearTicks, logTicks, tickTexts, wholeTicks, withAir } from './ticks.ts';

test('ticks are round, within the range and never more than five', () => {
  assert.deepEqual(linearTicks(0, 1), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(linearTicks(0, 240), [0, 50, 100, 150, 200]);
  assert.deepEqual(linearTicks(0.31, 2.94), [0.5, 1, 1.5, 2, 2.5]);
  assert.deepEqual(linearTicks(5, 5), [5]);
  for (let trial = 1; trial < 500; trial += 1) {
    const low = (trial * 37.7) % 11;
    const ticks = linearTicks(low, low + ((trial * 13.3) % 97) + 1e-6);
    assert.ok(ticks.length <= 5, String(ticks));
  }
});

test('a logarithmic scale has powers of ten over wide ranges and few numbers between over narrow ones', () => {
  assert.deepEqual(logTicks(1e-6, 1e-3), [1e-6, 1e-5, 1e-4, 1e-3]);
  assert.deepEqual(logTicks(0.3, 3), [0.5, 1, 2]);
  assert.ok(logTicks(1e-12, 1e12).length <= 5);
  assert.deepEqual(logTicks(0, 3), []);
  assert.deepEqual(logTicks(2.1, 2.4), linearTicks(2.1, 2.4));
});

test('a line that never changes still gets a scale', () => {
  assert.deepEqual(withAir({ low: 2, high: 2 }, false), { low: 1.8, high: 2.2 });
  assert.deepEqual(withAir({ low: 0, high: 0 }, false), { low: -1, high: 1 });
  assert.deepEqual(withAir({ low: 2, high: 2 }, true), { low: 1, high: 4 });
});

test('steps are counted in whole numbers', () => {
  assert.deepEqual(wholeTicks(1, 12), [3, 6, 9, 12]);
  assert.deepEqual(wholeTicks(0, 240), [0, 50, 100, 150, 200]);
  assert.deepEqual(wholeTicks(0, 2), [0, 1, 2]);
  assert.deepEqual(wholeTicks(4.2, 4.8), []);
  for (let high = 1; high < 300; high += 1)
    assert.ok(wholeTicks(0, high).length <= 5 && wholeTicks(0, high).every(Number.isInteger));
});

test('no two ticks say the same: where two digits are too few there are more', () => {
  const rough = (value: number): string => value.toExponential(0);
  assert.deepEqual(tickTexts([1e-4, 2e-4], rough), ['1e-4', '2e-4']);
  assert.deepEqual(tickTexts([1.92e-4, 1.94e-4, 1.96e-4], rough), ['1.92e-4', '1.94e-4', '1.96e-4']);
  assert.deepEqual(tickTexts([2.1, 2.12], rough), ['2.1', '2.12']);
  assert.deepEqual(tickTexts([], rough), []);
});
