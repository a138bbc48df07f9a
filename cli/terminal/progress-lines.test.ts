import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainJobSteps } from '#contract/main-job.ts';
import { recordedTraining, recordedView } from '../testing/recorded-states.ts';
import { noProgress, progressLines } from './progress-lines.ts';

const trainStep = mainJobSteps.indexOf('train');
const moment = (nowMs: number) => ({ nowMs, elapsedSeconds: nowMs / 1000, sinceViewSeconds: 0, training: null });

test('a step is told of when it ends, once', () => {
  const first = progressLines(recordedView(1), noProgress, moment(400));
  assert.deepEqual(first.lines, [
    '[      0.4 s] Machine: 2 cores, 8.0 GB memory, no GPU: profile cpu, no accelerator was found (0.4 s)',
    '[      0.4 s] Dataset: 240 rows to learn from, 60 to steer by, 80 kept aside in 7 groups; 2 put aside, 48 %, about 2 min left',
  ]);
  assert.deepEqual(progressLines(recordedView(1), first.memory, moment(900)).lines, []);
});

test('a long step gets at most one line every five seconds, with its loss', () => {
  let memory = progressLines(recordedView(trainStep), noProgress, moment(0)).memory;
  const lines: string[] = [];
  for (let nowMs = 100; nowMs <= 20_000; nowMs += 100) {
    const next = progressLines(recordedView(trainStep), memory, { ...moment(nowMs), training: recordedTraining(84) });
    memory = next.memory;
    lines.push(...next.lines);
  }
  assert.equal(lines.length, 4);
  assert.equal(lines[0], '[      5.0 s] Training: step 84 of 172, 48 %, loss 2.45, about 2 min left');
});

test('a step of under a second is told of only when it has ended', () => {
  const view = recordedView(2);
  const quick = {
    ...view,
    steps: view.steps.map((step) => (step.state === 'running' ? { ...step, seconds: 0.3 } : step)),
  };
  assert.equal(progressLines(quick, noProgress, moment(0)).lines.length, 2);
});

test('reused and left-out steps say so', () => {
  const view = recordedView(3);
  const steps = view.steps.map((step, index) => ({
    ...step,
    state: index === 0 ? ('reused' as const) : index === 1 ? ('skipped' as const) : step.state,
  }));
  const { lines } = progressLines({ ...view, steps }, noProgress, moment(0));
  assert.match(lines[0] ?? '', /\(reused\)$/);
  assert.match(lines[1] ?? '', /\(left out\)$/);
});
