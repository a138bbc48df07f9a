import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MainJobStepView } from '#contract/main-job.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { shownModel } from '#contract/shown-model.ts';
import { currentStep, servingWord } from './status-words.ts';

type Shown = Pick<ServingView, 'state' | 'servers' | 'families'>;
const family = { name: 'support', current: 3, pinned: false, previous: 2, versions: [3, 2, 1] };
const nothing: Shown = { state: 'serving', servers: [], families: [] };

test('a server without any model says so instead of naming an empty one', () => {
  assert.equal(servingWord(nothing), 'serverServingNone');
  assert.equal(servingWord({ ...nothing, families: [family] }), 'serverServing');
  assert.equal(servingWord({ ...nothing, state: 'failed' }), 'serverFailed');
});

test('the model in memory is named before the one that would be loaded', () => {
  const server = { state: 'ready', model: null, threads: 2, running: 0, waiting: 0, crashes: 0, processId: 1 } as const;
  const servers = [
    { ...server, path: 'a', name: null },
    { ...server, path: 'b', name: 'old:v1' },
  ];
  assert.equal(shownModel({ servers: [], families: [family] }), 'support:v3');
  assert.equal(shownModel({ servers, families: [family] }), 'old:v1');
  assert.equal(shownModel(nothing), null);
});

test('the running step is shown, else the last one that is done', () => {
  const step = (name: MainJobStepView['step'], state: MainJobStepView['state']): MainJobStepView => ({
    step: name,
    state,
    text: '',
    fraction: null,
    etaSeconds: null,
    seconds: null,
    job: null,
  });
  const done = [step('machine', 'done'), step('dataset', 'done'), step('train', 'waiting')];
  assert.equal(currentStep({ steps: done })?.step, 'dataset');
  assert.equal(currentStep({ steps: [...done, step('export', 'running')] })?.step, 'export');
  assert.equal(currentStep({ steps: [] }), undefined);
});
