import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactMcNemar, holm, wilsonInterval } from './proportion.ts';

function rounded(values: readonly number[], digits: number): number[] {
  return values.map((value) => Number(value.toFixed(digits)));
}

test('Wilson intervals are those of Newcombe 1998, table I', () => {
  assert.deepEqual(rounded(wilsonInterval(81, 263), 4), [0.2553, 0.3662]);
  assert.deepEqual(rounded(wilsonInterval(15, 148), 4), [0.0624, 0.1605]);
  assert.deepEqual(rounded(wilsonInterval(0, 20), 4), [0, 0.1611]);
  assert.deepEqual(rounded(wilsonInterval(1, 29), 4), [0.0061, 0.1718]);
  assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
});

test('exact McNemar agrees with scipy binomtest', () => {
  assert.deepEqual(
    rounded(
      [exactMcNemar(1, 9), exactMcNemar(9, 1), exactMcNemar(6, 15), exactMcNemar(40, 60), exactMcNemar(5, 5)],
      10,
    ),
    [0.021484375, 0.021484375, 0.0783538818, 0.0568879336, 1],
  );
  assert.equal(exactMcNemar(0, 0), 1);
  assert.ok(exactMcNemar(3000, 2900) > 0.15, 'large counts do not underflow');
});

test('Holm adjusts like p.adjust in R', () => {
  assert.deepEqual(rounded(holm([0.01, 0.04, 0.03, 0.005]), 10), [0.03, 0.06, 0.06, 0.02]);
  assert.deepEqual(holm([]), []);
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
});
