import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseQuantisation, largerTypes } from './choose-quantisation.ts';

const measured = [
  { type: 'Q8_0', bytes: 145, lossChange: -0.002 },
  { type: 'Q6_K', bytes: 138, lossChange: 0.007 },
  { type: 'Q5_K_M', bytes: 112, lossChange: 0.119 },
  { type: 'Q4_K_M', bytes: 106, lossChange: 0.029 },
];

test('the smallest file within the tolerance is taken, and the reason names what the smaller ones lose', () => {
  assert.deepEqual(chooseQuantisation(measured), {
    type: 'Q6_K',
    reason: 'Q6_K changes the loss by +0.7 %; smaller files lose more (Q4_K_M +2.9 %, Q5_K_M +11.9 %)',
  });
});

test('when none is within the tolerance the largest file is taken', () => {
  assert.equal(chooseQuantisation(measured.slice(2)).type, 'Q5_K_M');
});

test('after a failed gate the larger types follow in order of size', () => {
  assert.deepEqual(largerTypes('Q6_K'), ['Q8_0', 'F16']);
  assert.deepEqual(largerTypes('F16'), []);
});
