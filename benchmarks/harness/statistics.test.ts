import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed, mean, median } from './statistics.ts';

test('the median of an odd number of values is the middle one, of an even number the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
});

test('the mean is the sum over the number of values', () => {
  assert.equal(mean([1, 2, 6]), 3);
});

test('no values have neither median nor mean', () => {
  assert.throws(() => median([]), RangeError);
  assert.throws(() => mean([]), RangeError);
});

test('values are listed with the digits that were asked for', () => {
  assert.equal(listed([1.26, 2], 1), '1.3, 2.0');
});
