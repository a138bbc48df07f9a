import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveSeries } from '../../charts/live-series.ts';
import { failedFixture, mainJobFixture, recordedRun, succeededFixture, workerFixture } from './fixtures.ts';
import {
  bestCheckpoint,
  chosenAnswers,
  keptCheckpoints,
  recentChange,
  sampleNear,
  sampleThreads,
  settingRows,
} from './run-figures.ts';
import { noFacts } from './run-recorder.ts';
import { whyStopped } from './why-stopped.ts';

function seriesOf(values: readonly (number | null)[]): LiveSeries {
  const series = new LiveSeries();
  values.forEach((value, index) => series.put(index + 1, value));
  return series;
}

test('the loss now is the newest number, its change is against the stretch before', () => {
  assert.equal(recentChange(seriesOf([])), null);
  assert.deepEqual(recentChange(seriesOf([2])), { now: 2, change: null, steps: 0 });
  assert.deepEqual(recentChange(seriesOf([3, 2, null])), { now: 2, change: -1, steps: 1 });
  const falling = seriesOf(Array.from({ length: 40 }, (_, index) => 40 - index));
  assert.deepEqual(recentChange(falling), { now: 1, change: -4, steps: 4 });
});

test('answers stand by prompt and ascend by step', () => {
  const { facts } = recordedRun({ steps: 60 });
  const threads = sampleThreads([...facts.samples].reverse());
  assert.deepEqual(
    threads.map(({ promptIndex, answers }) => [promptIndex, answers.map(({ step }) => step)]),
    [
      [0, [0, 20, 40, 60]],
      [1, [0, 20, 40, 60]],
    ],
  );
  assert.equal(sampleNear(facts.samples, 33)?.step, 40);
  assert.equal(sampleNear([], 33), null);
});

test('of many answers the first, the last and some between are shown', () => {
  const all = Array.from({ length: 100 }, (_, index) => index);
  assert.deepEqual(chosenAnswers(all, 4), [0, 33, 66, 99]);
  assert.deepEqual(chosenAnswers([1, 2], 4), [1, 2]);
});

test('the best checkpoint is the newest that was called so', () => {
  assert.equal(bestCheckpoint(recordedRun({ steps: 60 }).facts)?.step, 60);
  assert.equal(bestCheckpoint(noFacts), null);
});

test('of all checkpoints the newest and the best are still on disk', () => {
  const [first, second, third] = recordedRun({ steps: 60 }).facts.checkpoints;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  const steps = (...checkpoints: (typeof first)[]) => keptCheckpoints(checkpoints).map(({ step }) => step);
  assert.deepEqual(
    [steps(), steps(first, second), steps(first, second, { ...third, best: false })],
    [[], [40], [60, 40]],
  );
});

test('settings are shown as a person writes them', () => {
  const rows = settingRows(recordedRun({ steps: 1 }).facts.hello);
  assert.deepEqual(rows.find(({ name }) => name === 'targetModules')?.value, 'q_proj, v_proj, o_proj');
  assert.deepEqual(rows.find(({ name }) => name === 'rank')?.value, '16');
  assert.deepEqual(settingRows(null), []);
});

test('why a run stopped, ending by ending', () => {
  const over = { mainJob: succeededFixture, worker: workerFixture({ state: 'succeeded' }) };
  const kindOf = (ended: string) => whyStopped(over, recordedRun({ steps: 60, ended }).facts)?.kind;
  assert.deepEqual(['completed', 'early-stop', 'time-budget', 'stop-requested', 'moon'].map(kindOf), [
    'completed',
    'earlyStopBest',
    'timeBudget',
    'stopRequested',
    'other',
  ]);
  const early = whyStopped(over, recordedRun({ steps: 75, ended: 'early-stop' }).facts);
  assert.deepEqual([early?.step, early?.best?.step], [75, 60]);
  const failed = whyStopped({ mainJob: failedFixture, worker: null }, noFacts);
  assert.deepEqual([failed?.kind, failed?.remedy], ['failed', failedFixture.failure?.remedy]);
  const paused = whyStopped({ mainJob: mainJobFixture(), worker: workerFixture({ state: 'paused' }) }, noFacts);
  assert.deepEqual([paused?.kind, paused?.step], ['paused', 84]);
  assert.equal(whyStopped({ mainJob: mainJobFixture(), worker: workerFixture() }, noFacts), null);
});
