import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnknownWorkerEvent } from '#contract/events.ts';
import { FakeRuns } from './fake-runs.ts';
import { runEvents } from './fixtures.ts';
import { followRun } from './follow-run.ts';
import { RunRecorder } from './run-recorder.ts';

function follow(fake: FakeRuns, recorder = new RunRecorder()) {
  const taken: boolean[] = [];
  const { signal } = new AbortController();
  const done = followRun({
    client: fake.client,
    signal,
    job: 'job',
    recorder,
    onTaken: (changed) => taken.push(changed),
  });
  return { recorder, taken, done };
}

function metricAt(step: number, loss: number): UnknownWorkerEvent {
  return {
    v: 1,
    run: 'job/1',
    seq: step,
    t: 0,
    type: 'metric',
    step,
    epoch: 0,
    tokens: 0,
    values: { loss },
    nonFinite: [],
  };
}

function intervention(action: string): UnknownWorkerEvent {
  return {
    v: 1,
    run: 'job/1',
    seq: 1,
    t: 0,
    type: 'intervention',
    action,
    reason: 'memory ran out',
    before: { microBatchSize: 8 },
    after: { microBatchSize: 4 },
  };
}

test('a run opened anew has its whole story and all its points', async () => {
  const fake = new FakeRuns();
  fake.log.push(...runEvents({ steps: 84 }));
  const { recorder, done } = follow(fake);
  await done;
  assert.equal(recorder.series.loss.length, 84);
  assert.equal(recorder.series.validationLoss.length, 4);
  assert.equal(recorder.facts.checkpoints.length, 4);
  assert.equal(recorder.cursor, fake.log.length);
});

test('what comes between the curves and the tail is not missed, and what both bring is there once', async () => {
  const fake = new FakeRuns();
  fake.log.push(metricAt(1, 3), metricAt(2, 2));
  fake.betweenSeriesAndTail = [metricAt(3, 1)];
  const { recorder, done } = follow(fake);
  await done;
  const { loss } = recorder.series;
  assert.deepEqual([loss.step(0), loss.step(1), loss.step(2), loss.length], [1, 2, 3, 3]);
  assert.equal(loss.rewrites, 0);
});

test('a story longer than a page is read to its end', async () => {
  const fake = new FakeRuns();
  for (let index = 0; index < 1_234; index += 1) {
    fake.log.push({
      v: 1,
      run: 'job/1',
      seq: index + 1,
      t: 0,
      type: 'log',
      level: 'info',
      code: 'x',
      text: String(index),
    });
  }
  const { recorder, done } = follow(fake);
  await done;
  assert.equal(recorder.facts.entries.length, 1_234);
});

test('a tail that was too slow pages again and misses nothing', async () => {
  const fake = new FakeRuns();
  fake.log.push(metricAt(1, 3));
  fake.ends = ['behind', 'over'];
  fake.betweenSeriesAndTail = [metricAt(2, 2), metricAt(3, 1)];
  const { recorder, done } = follow(fake);
  await done;
  assert.equal(recorder.series.loss.length, 3);
  assert.deepEqual(fake.subscribedAfter, [1, 3]);
});

test('after a lost connection only what was missed is read, and nothing twice', async () => {
  const fake = new FakeRuns();
  fake.log.push(...runEvents({ steps: 40 }));
  fake.ends = ['lost'];
  const first = follow(fake);
  await assert.rejects(first.done, /connection is gone/);
  const entries = first.recorder.facts.entries.length;
  fake.log.push(metricAt(41, 0.5));
  fake.pages.length = 0;
  await follow(fake, first.recorder).done;
  assert.equal(first.recorder.series.loss.length, 41);
  assert.equal(first.recorder.facts.entries.length, entries);
  assert.deepEqual(fake.pages, [{ after: fake.log.length - 1, types: null }]);
});

test('an intervention that tells no step stands at the next metric of the log', async () => {
  const fake = new FakeRuns();
  fake.log.push(metricAt(11, 1), intervention('halve-batch'), metricAt(12, 1), intervention('halve-batch'));
  const { recorder, done } = follow(fake);
  await done;
  assert.deepEqual(
    recorder.facts.interventions.map(({ step }) => step),
    [12, null],
  );
});

test('a live intervention stands at the step the run is at', async () => {
  const fake = new FakeRuns();
  fake.log.push(metricAt(11, 1));
  fake.betweenSeriesAndTail = [metricAt(12, 1), intervention('halve-batch')];
  const { recorder, done } = follow(fake);
  await done;
  assert.deepEqual(
    recorder.facts.interventions.map(({ step }) => step),
    [12],
  );
});
