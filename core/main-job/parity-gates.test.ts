import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversionPassed, failedGates, judgeParity, type ParityFigures } from './parity-gates.ts';

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
