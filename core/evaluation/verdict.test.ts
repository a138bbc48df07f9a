import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '#contract/evaluation.ts';
import { verdictOf } from './verdict.ts';

const comparison: Comparison = {
  rows: 80,
  clusters: 40,
  baseMean: 0.4,
  tunedMean: 81.2,
  delta: 80.8,
  interval: [75.7, 85.6],
  p: 0.0001,
  minimumVisible: 7.2,
  mcnemar: null,
  resamples: 10_000,
  seed: 1,
};

test('an interval above 0 reads as better, with the interval and the size of the set', () => {
  assert.deepEqual(verdictOf(comparison), {
    kind: 'better',
    sentence: 'Better by 81 points (76 to 86): 0.4 -> 81 of 100, on 80 rows in 40 groups.',
  });
});

test('an interval below 0 reads as worse', () => {
  const worse = {
    ...comparison,
    baseMean: 60,
    tunedMean: 52.5,
    delta: -7.5,
    interval: [-11.25, -3.75] as [number, number],
  };
  assert.deepEqual(verdictOf(worse), {
    kind: 'worse',
    sentence: 'Worse by 7.5 points (3.8 to 11): 60 -> 53 of 100, on 80 rows in 40 groups.',
  });
});

test('an interval with 0 in it never says better, and names what the set cannot see', () => {
  const unclear = { ...comparison, delta: 4, interval: [-1, 9] as [number, number], p: 0.11, minimumVisible: 8.96 };
  assert.deepEqual(verdictOf(unclear), {
    kind: 'no-difference',
    sentence: "No difference visible; with 80 rows in 40 groups changes under 9 points can't be seen.",
  });
});

test('an interval that touches 0 is no difference', () => {
  assert.equal(verdictOf({ ...comparison, interval: [0, 5] }).kind, 'no-difference');
  assert.equal(verdictOf({ ...comparison, interval: [-5, 0] }).kind, 'no-difference');
});

test('models that score the same on each row are told so', () => {
  const same = { ...comparison, delta: 0, interval: [0, 0] as [number, number], p: 1, minimumVisible: null };
  assert.match(verdictOf(same).sentence, /scored the same on each of the 80 rows in 40 groups/);
});

test('too few groups are too few to compare', () => {
  const few = { ...comparison, rows: 1, clusters: 1, interval: null, p: null, minimumVisible: null };
  assert.deepEqual(verdictOf(few), {
    kind: 'too-few',
    sentence: 'Too few to compare: 1 row in 1 group were measured; at least 20 groups are needed.',
  });
});
