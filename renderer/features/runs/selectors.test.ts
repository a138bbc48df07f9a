import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobView } from '#contract/jobs.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { failedFixture, mainJobFixture, succeededFixture, waitingFixture, workerFixture } from './fixtures.ts';
import {
  allowedActions,
  curveJob,
  currentStep,
  movedBefore,
  noFilter,
  placeAfterMove,
  runLists,
  stateWord,
} from './selectors.ts';

const main = (state: MainJobView['state']) => mainJobFixture({ state });
const worker = (state: JobView['state'], change: Partial<JobView> = {}) => workerFixture({ state, ...change });

test('what a run is called and what can be done with it, state by state', () => {
  const cases: readonly [MainJobView | null, JobView | null, string, string][] = [
    [main('waiting'), null, 'waiting', 'cancel duplicate remove'],
    [main('running'), null, 'running', 'cancel duplicate'],
    [main('running'), worker('queued'), 'running', 'cancel duplicate'],
    [main('running'), worker('preparing'), 'running', 'cancel duplicate'],
    [main('running'), worker('running'), 'running', 'pause finish cancel duplicate'],
    [main('running'), worker('running', { kind: 'export' }), 'running', 'pause cancel duplicate'],
    [main('running'), worker('pausing'), 'pausing', 'cancel duplicate'],
    [main('running'), worker('paused'), 'paused', 'resume cancel duplicate'],
    [main('running'), worker('stopping'), 'stopping', 'duplicate'],
    [main('running'), worker('interrupted'), 'interrupted', 'resume cancel duplicate'],
    [main('running'), worker('succeeded'), 'running', 'cancel duplicate'],
    [main('succeeded'), worker('succeeded'), 'succeeded', 'duplicate remove'],
    [main('failed'), worker('failed'), 'failed', 'goOn duplicate remove'],
    [main('cancelled'), worker('cancelled'), 'cancelled', 'goOn duplicate remove'],
    [main('interrupted'), worker('interrupted'), 'interrupted', 'goOn duplicate remove'],
    [null, worker('queued'), 'waiting', 'cancel'],
    [null, worker('running'), 'running', 'pause finish cancel'],
    [null, worker('paused'), 'paused', 'resume cancel'],
    [null, worker('interrupted'), 'interrupted', 'resume cancel'],
    [null, worker('failed'), 'failed', 'goOn'],
    [null, worker('succeeded'), 'succeeded', ''],
  ];
  for (const [mainJob, own, word, actions] of cases) {
    const subject = { mainJob, worker: own };
    assert.deepEqual(
      [stateWord(subject), [...allowedActions(subject)].join(' ')],
      [word, actions],
      `${mainJob?.state} ${own?.state}`,
    );
  }
});

test('lists: the queue in its order, the past newest first, what is being removed in neither', () => {
  const all = [waitingFixture('b', 2), failedFixture, succeededFixture, waitingFixture('a', 1), main('running')];
  const ids = (views: readonly MainJobView[]) => views.map(({ id }) => id);
  const lists = runLists(all, new Set([failedFixture.id]), noFilter);
  assert.deepEqual(
    [ids(lists.running), ids(lists.waiting), ids(lists.finished)],
    [['support-v3'], ['a-v1', 'b-v1'], ['support-v2']],
  );
  assert.deepEqual(ids(runLists(all, new Set(), noFilter).finished), ['support-v2', 'support-v1']);
});

test('the filter looks at name, version, base and file, and at how a run ended', () => {
  const all = [succeededFixture, failedFixture, main('cancelled'), waitingFixture('contracts', 1)];
  const found = (text: string, state: 'all' | 'succeeded' | 'failed' | 'stopped' = 'all') => {
    const { waiting, finished } = runLists(all, new Set(), { text, state });
    return [...waiting, ...finished].map(({ id }) => id);
  };
  assert.deepEqual(found(' Contracts '), ['contracts-v1']);
  assert.deepEqual(found('support:v2'), ['support-v2']);
  assert.equal(found('SMOLLM2').length, 4);
  assert.deepEqual(found('support', 'stopped'), ['support-v3']);
  assert.deepEqual(found('no such'), []);
});

test('moving in the queue: by places, to both ends, and never beyond', () => {
  const queue = ['a', 'b', 'c'].map((id) => ({ id }));
  assert.equal(placeAfterMove(queue, 'b', -1), 'a');
  assert.equal(placeAfterMove(queue, 'b', 1), null);
  assert.equal(placeAfterMove(queue, 'a', 1), 'c');
  assert.equal(placeAfterMove(queue, 'c', -9), 'a');
  assert.equal(placeAfterMove(queue, 'a', -1), 'unchanged');
  assert.equal(placeAfterMove(queue, 'c', 1), 'unchanged');
  assert.equal(placeAfterMove(queue, 'x', 1), 'unchanged');
});

test('the order shown at once is the one the engine is asked for', () => {
  const queue = ['a', 'b', 'c'].map((id) => ({ id }));
  const order = (id: string, before: string | null) =>
    movedBefore(queue, id, before)
      .map((one) => one.id)
      .join('');
  assert.deepEqual(
    [order('c', 'a'), order('a', null), order('a', 'c'), order('a', 'x'), order('x', 'a')],
    ['cab', 'bca', 'bac', 'abc', 'abc'],
  );
});

test('the step that is spoken of: the running one, the one that stopped it, the last that was done', () => {
  assert.equal(currentStep(main('running'))?.step, 'train');
  assert.equal(currentStep(failedFixture)?.state, 'failed');
  assert.equal(currentStep(succeededFixture)?.step, 'serve');
  assert.equal(currentStep(waitingFixture('a', 1)), null);
});

test('curves are those of the training, before it those of the worker at work', () => {
  assert.equal(curveJob(main('running')), 'job-train');
  assert.equal(curveJob(mainJobFixture({ at: 'base-export', step: { job: 'job-export' } })), 'job-export');
  assert.equal(curveJob(waitingFixture('a', 1)), null);
});
