import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseQuantisation, isWithinLossTolerance, largerTypes } from './choose-quantisation.ts';

const measured = [
  { type: 'Q8_0', bytes: 145, loss: 1.996, unquantisedLoss: 2 },
  { type: 'Q6_K', bytes: 138, loss: 2.014, unquantisedLoss: 2 },
  { type: 'Q5_K_M', bytes: 112, loss: 2.238, unquantisedLoss: 2 },
  { type: 'Q4_K_M', bytes: 106, loss: 2.058, unquantisedLoss: 2 },
];

test('the smallest file within the tolerance is taken, and the reason names what the smaller ones lose', () => {
  assert.deepEqual(chooseQuantisation(measured), {
    type: 'Q6_K',
    reason: 'Q6_K changes the loss by +0.7 %; smaller files lose more (Q4_K_M +2.9 %, Q5_K_M +11.9 %)',
  });
});

test('of a loss near zero a difference below 0.005 nats passes, because one per cent of it is noise', () => {
  assert.deepEqual(
    [0.1605, 0.1635, 0.1637].map((loss) => isWithinLossTolerance({ loss, unquantisedLoss: 0.1586 })),
    [true, true, false],
  );
});

test('when none is within the tolerance the largest file is taken', () => {
  assert.equal(chooseQuantisation(measured.slice(2)).type, 'Q5_K_M');
});

test('after a failed gate the larger types follow in order of size', () => {
  assert.deepEqual(largerTypes('Q6_K'), ['Q8_0', 'F16']);
  assert.deepEqual(largerTypes('F16'), []);
});
