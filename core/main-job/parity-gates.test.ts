import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversionPassed, failedGates, fileGate, judgeParity, listGates, type ParityFigures } from './parity-gates.ts';

const sound: ParityFigures = {
  tokens: { equal: 50, of: 50 },
  template: { equal: 5, of: 5 },
  argmaxAgreement: 0.9994,
  maxLogProbabilityDifference: 0.02,
  greedy: { equal: 9, of: 10 },
  unquantisedLoss: 2,
  servedLoss: 2.01,
};

test('a file at the bars passes every gate', () => {
  const report = judgeParity(sound);
  assert.deepEqual([conversionPassed(report), report.loss.passed, failedGates(report)], [true, true, []]);
});

test('each gate fails just below its bar and says its figure', () => {
  const failing: [Partial<ParityFigures>, string][] = [
    [{ tokens: { equal: 49, of: 50 } }, 'tokens equal on 49 of 50 texts'],
    [{ template: { equal: 0, of: 0 } }, 'chat template equal on 0 of 0 conversations'],
    [{ argmaxAgreement: 0.989 }, 'same next token in 98.9 % of places (largest log-probability difference 0.020)'],
    [
      { maxLogProbabilityDifference: 0.11 },
      'same next token in 99.9 % of places (largest log-probability difference 0.110)',
    ],
    [{ greedy: { equal: 8, of: 10 } }, 'same greedy answer on 8 of 10 prompts'],
    [{ servedLoss: 2.03 }, 'loss 1.5 % above the unquantised file'],
  ];
  assert.deepEqual(
    failing.map(([change]) => failedGates(judgeParity({ ...sound, ...change }))),
    failing.map(([, sentence]) => [sentence]),
  );
});

test('the gates are listed with what was measured, what is needed, and a remedy only where one failed', () => {
  const gates = listGates(judgeParity({ ...sound, servedLoss: 2.03 }));
  assert.deepEqual(
    gates.map(({ gate, measured, needed, passed }) => [gate, measured, needed, passed]),
    [
      ['tokens', '50 of 50 texts', 'all', true],
      ['template', '5 of 5 chats', 'all', true],
      ['logits', '99.94 %, off by 0.020', '99 %, 0.1', true],
      ['greedy', '9 of 10 prompts', '90 %', true],
      ['loss', '2.0300 (+1.5 %)', '+1 % or +0.005', false],
    ],
  );
  assert.deepEqual(
    gates.map(({ remedy }) => remedy !== null),
    [false, false, false, false, true],
  );
});

test('the list of gates and the list of failed ones agree on every figure', () => {
  const changes: Partial<ParityFigures>[] = [
    {},
    { tokens: { equal: 1, of: 2 } },
    { template: { equal: 0, of: 0 } },
    { argmaxAgreement: 0.5, greedy: { equal: 0, of: 10 } },
    { servedLoss: 3 },
  ];
  for (const change of changes) {
    const report = judgeParity({ ...sound, ...change });
    assert.equal(listGates(report).filter(({ passed }) => !passed).length, failedGates(report).length);
  }
});

test('a file with another digest, or none, fails the first gate with its remedy', () => {
  const recorded = 'a'.repeat(64);
  assert.deepEqual(
    [recorded, 'b'.repeat(64), null].map((found) => {
      const { passed, measured, remedy } = fileGate({ recorded, found });
      return [passed, measured, remedy === null];
    }),
    [
      [true, 'sha256 aaaaaaaaaaaa', true],
      [false, 'sha256 bbbbbbbbbbbb', false],
      [false, 'missing', false],
    ],
  );
});
