import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadLabels } from './end-labels.ts';

const labelsAt = (...places: number[]) => places.map((y) => ({ text: String(y), colour: 'grey', y }));
const options = { gap: 10, top: 0, bottom: 100 };

test('labels that would overlap are moved apart and keep their order', () => {
  assert.deepEqual(
    spreadLabels(labelsAt(52, 50, 10), options).map(({ text, y }) => [text, y]),
    [
      ['10', 10],
      ['50', 50],
      ['52', 60],
    ],
  );
});

test('labels at the bottom are pushed up, not out of the picture', () => {
  assert.deepEqual(
    spreadLabels(labelsAt(99, 100, 120), options).map(({ y }) => y),
    [80, 90, 100],
  );
  assert.deepEqual(
    spreadLabels(labelsAt(-20), options).map(({ y }) => y),
    [0],
  );
});
