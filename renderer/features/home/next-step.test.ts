import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonOf, failure, modelOf, moment, runOf, runningRun, servingOf, stopped } from './fixtures.ts';
import { suggestNextStep, type Situation } from './next-step.ts';

const settled: Situation = {
  serving: servingOf(),
  models: [modelOf()],
  mainJobs: [runOf()],
  comparisons: [comparisonOf()],
};

const cases: readonly (readonly [string, Partial<Situation>, string | null, string | null])[] = [
  ['nothing there yet: the page offers its beginnings', { models: [], mainJobs: [], comparisons: [] }, null, null],
  [
    'a failed server comes before everything',
    { serving: servingOf({ ...stopped, state: 'failed', failure }), mainJobs: [runningRun] },
    'mend-server',
    '/server',
  ],
  [
    'an interrupted run is offered',
    { mainJobs: [runOf({ id: 'r 9', state: 'interrupted' })] },
    'resume',
    '/runs/r%209',
  ],
  ['a failed run is looked at', { mainJobs: [runOf({ id: 'r9', state: 'failed' })] }, 'look-at-failure', '/runs/r9'],
  [
    'a failure that a later run of the same model settled is past',
    { mainJobs: [runOf({ id: 'r9', state: 'failed', updatedAt: moment - 1 }), runOf()] },
    'improve',
    '/create',
  ],
  [
    'a cancelled repetition settles nothing',
    { mainJobs: [runOf({ id: 'r9', state: 'failed', updatedAt: moment - 1 }), runOf({ state: 'cancelled' })] },
    'look-at-failure',
    '/runs/r9',
  ],
  ['a running one is watched', { mainJobs: [runningRun] }, 'watch', '/runs/run-4'],
  ['a ready model with a stopped server', { serving: servingOf(stopped) }, 'start-server', '/server'],
  [
    'a model that is worse is not to be served first',
    { serving: servingOf(stopped), models: [modelOf({ interval: [-9, -2] })] },
    'worse',
    '/create',
  ],
  ['an interval over zero is no difference', { models: [modelOf({ interval: [-1, 4] })] }, 'no-difference', '/create'],
  ['never compared', { comparisons: [] }, 'compare', '/compare'],
  ['served and never asked', { serving: servingOf({ requests: { total: 0, perMinute: [] } }) }, 'use', '/server'],
  ['all well', {}, 'improve', '/create'],
  [
    'a version that is not ready counts for nothing',
    { models: [modelOf({ state: 'failed' })], mainJobs: [] },
    null,
    null,
  ],
];

for (const [title, part, kind, to] of cases) {
  test(`next step: ${title}`, () => {
    const step = suggestNextStep({ ...settled, ...part });
    assert.equal(step?.kind ?? null, kind);
    assert.equal(step?.to ?? null, to);
  });
}
