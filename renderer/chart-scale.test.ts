import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastPoint, lowestPoint, nearestPoint, niceTicks, pathData, spreadLabels, valueRange } from './chart-scale.ts';

const broken = { steps: [1, 2, 3, 4, 5], values: [3, 2, null, 1, 2] };

test('ticks are round, enclose the range and are at most five', () => {
  assert.deepEqual(niceTicks(0, 2.86, 4), [0, 1, 2, 3]);
  assert.deepEqual(niceTicks(0, 0.043, 4), [0, 0.02, 0.04, 0.06]);
  assert.deepEqual(niceTicks(0, 240, 4), [0, 100, 200, 300]);
  assert.deepEqual(niceTicks(5, 5, 4), [5, 6]);
  for (let high = 0.001; high < 10_000; high *= 1.37) {
    const ticks = niceTicks(0, high, 4);
    assert.ok((ticks.at(-1) ?? 0) >= high && ticks.length <= 6, `${high}: ${ticks.join(' ')}`);
  }
});

test('a loss that was not a number is a gap in the line and counts for nothing', () => {
  const place = ({ step, value }: { step: number; value: number }) => ({ x: step, y: value });
  assert.equal(pathData(broken, place), 'M1.0 3.0l0 0L2.0 2.0M4.0 1.0l0 0L5.0 2.0');
  assert.deepEqual(valueRange([broken]), { low: 1, high: 3 });
  assert.deepEqual(valueRange([{ steps: [1], values: [null] }]), null);
});

test('the last, the lowest and the nearest point skip gaps', () => {
  assert.deepEqual(lastPoint({ steps: [1, 2], values: [7, null] }), { step: 1, value: 7 });
  assert.deepEqual(lowestPoint(broken), { step: 4, value: 1 });
  assert.deepEqual(nearestPoint(broken, 3.1), { step: 4, value: 1 });
  assert.deepEqual(nearestPoint(broken, -10), { step: 1, value: 3 });
  assert.equal(nearestPoint({ steps: [], values: [] }, 1), null);
});

test('labels that would overlap are moved apart and keep their order', () => {
  assert.deepEqual(spreadLabels(100, 104, 16), { a: 94, b: 110 });
  assert.deepEqual(spreadLabels(104, 100, 16), { a: 110, b: 94 });
  assert.deepEqual(spreadLabels(10, 90, 16), { a: 10, b: 90 });
});
