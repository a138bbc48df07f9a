import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed, median } from './statistics.ts';

test('the median of an odd number of values is the middle one, of an even number the mean of the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
});

test('no values have no median', () => {
  assert.throws(() => median([]), RangeError);
});

test('values are listed with the digits that were asked for', () => {
  assert.equal(listed([1.26, 2], 1), '1.3, 2.0');
});
