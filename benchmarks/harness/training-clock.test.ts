import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownWorkerEvent } from '#contract/events.ts';
import { clockOf, effectiveSetting, lossesOf, trainingBegunAt } from './training-clock.ts';

const envelope = { v: 1 as const, run: 'bench/1', seq: 1 };

function metric(step: number, t: number, values: Record<string, number | null>): KnownWorkerEvent {
  return { ...envelope, type: 'metric', t, step, epoch: 0, tokens: step * 10, values, nonFinite: [] };
}

const events: readonly KnownWorkerEvent[] = [
  {
    ...envelope,
    type: 'hello',
    t: 0,
    pid: 1,
    device: { kind: 'cpu', name: 'a processor', memoryBytes: null },
    versions: {},
    effective: { precision: { value: 'bf16', reason: 'measured' } },
  },
  metric(0, 500, { validationLoss: 4 }),
  {
    ...envelope,
    type: 'measured',
    t: 1_000,
    secondsPerStep: 1,
    peakMemoryBytes: 1,
    checkpointBytes: 1,
    forecastSeconds: 2,
    plannedSteps: 2,
  },
  metric(1, 2_500, { loss: 3 }),
  metric(2, 4_000, { loss: 2 }),
  metric(2, 9_000, { validationLoss: 2.5 }),
];

test('a training is timed from the end of the measuring to its last step; the evaluation after it is left out', () => {
  assert.deepEqual(clockOf(events), { seconds: 3, steps: 2, tokens: 20 });
  assert.equal(trainingBegunAt(events), 1_000);
});

test('losses are those of steps, not of evaluations, and settings are those read back', () => {
  assert.deepEqual([...lossesOf(events)], [[1, 3], [2, 2]]); // prettier-ignore
  assert.equal(effectiveSetting(events, 'precision'), 'bf16');
  assert.equal(effectiveSetting(events, 'rank'), undefined);
});

test('a training without a finished step has no time', () => {
  assert.throws(() => clockOf(events.slice(0, 3)), /no finished step/);
  assert.equal(trainingBegunAt(events.slice(0, 2)), null);
});
