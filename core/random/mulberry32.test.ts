import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mulberry32 } from './mulberry32.ts';

test('a seed gives the numbers it always gave: files in the repository were drawn with them', () => {
  const drawn = (seed: number): number[] => {
    const next = mulberry32(seed);
    return Array.from({ length: 4 }, () => Math.floor(next() * 2 ** 32));
  };
  // By the C reference of mulberry32.
  assert.deepEqual(drawn(0), [1144304738, 1416247, 958946056, 627933444]);
  assert.deepEqual(drawn(2 ** 32), drawn(0));
});
