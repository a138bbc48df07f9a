import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyWorkerEvent, curveChange, emptyTraining, type TrainingState } from './training-state.ts';

let seq = 0;
const event = (body: object, run = 'job/1'): object => ({ v: 1, run, seq: (seq += 1), t: 0, ...body });
const metric = (step: number, values: Record<string, number | null>, nonFinite: string[] = []): object =>
  event({ type: 'metric', step, epoch: 0, tokens: 0, values, nonFinite });
const after = (events: object[], state: TrainingState = emptyTraining): TrainingState =>
  events.reduce(applyWorkerEvent, state);

test('metrics become two curves and the figures of the moment', () => {
  const state = after([
    event({ type: 'phase', name: 'training', fraction: 0.1, etaSeconds: 90 }),
    event({
      type: 'measured',
      secondsPerStep: 1,
      peakMemoryBytes: 1,
      checkpointBytes: 1,
      forecastSeconds: 1,
      plannedSteps: 50,
    }),
    metric(1, { loss: 4, tokensPerSecond: 200 }),
    metric(2, { loss: 3.5 }),
    metric(2, { validationLoss: 3.6 }),
    event({ type: 'checkpoint', path: 'x', step: 2, bytes: 1, sha256: 'a', best: true, validationLoss: 3.6 }),
  ]);
  assert.deepEqual(
    [
      state.training,
      state.heldOut,
      state.plannedSteps,
      state.tokensPerSecond,
      state.bestStep,
      state.etaSeconds,
      state.phase,
    ],
    [
      [
        { step: 1, value: 4 },
        { step: 2, value: 3.5 },
      ],
      [{ step: 2, value: 3.6 }],
      50,
      200,
      2,
      90,
      'training',
    ],
  );
});

test('a loss that was not finite is a gap, not a zero and not forgotten', () => {
  assert.deepEqual(after([metric(1, { loss: 4 }), metric(2, { loss: null }, ['loss'])]).training, [
    { step: 1, value: 4 },
    { step: 2, value: null },
  ]);
});

test('after a roll-back or a resume the curve goes on from the lower step', () => {
  const state = after([
    metric(1, { loss: 4 }),
    metric(2, { loss: 9 }),
    metric(3, { loss: 12 }),
    metric(2, { loss: 3.8 }),
  ]);
  assert.deepEqual(
    state.training.map(({ step }) => step),
    [1, 2],
  );
  const resumed = after(
    [
      event({ type: 'done', reason: 'completed', summary: {} }),
      event({ type: 'phase', name: 'loading', fraction: null, etaSeconds: null }, 'job/2'),
    ],
    state,
  );
  assert.deepEqual([resumed.ended, resumed.training.length], [false, 2]);
});

test('what the trainer did by itself and what it warned of becomes a notice', () => {
  const state = after([
    event({
      type: 'intervention',
      action: 'halve-batch',
      reason: 'Out of memory at step 12: the batch was halved.',
      before: 4,
      after: 2,
    }),
  ]);
  assert.equal(state.notice, 'Out of memory at step 12: the batch was halved.');
  assert.equal(after([event({ type: 'invariant', name: 'x', ok: false, detail: 'no tokens' })]).notice, 'no tokens');
});

test('unknown types, other versions and nonsense change nothing', () => {
  const state = after([metric(1, { loss: 4 })]);
  for (const odd of [event({ type: 'new-thing' }), { v: 2, type: 'metric' }, null, 'x', {}])
    assert.equal(applyWorkerEvent(state, odd), state);
});

test('a very long run keeps a bounded number of points, the newest among them', () => {
  const state = after(Array.from({ length: 5000 }, (_, step) => metric(step, { loss: step })));
  assert.ok(state.training.length <= 2000, String(state.training.length));
  assert.deepEqual([state.training[0]?.step, state.training.at(-1)?.step], [0, 4999]);
});

test('the change of a curve is between its first and last finite values', () => {
  assert.deepEqual(
    curveChange([
      { step: 1, value: null },
      { step: 2, value: 4 },
      { step: 3, value: 3 },
      { step: 4, value: null },
    ]),
    { first: 4, last: 3, change: -1 },
  );
  assert.equal(curveChange([]), null);
});
