import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonOf, failure, modelOf, moment, runOf, runningRun, servingOf, stopped } from './fixtures.ts';
import { lastHappenings } from './happenings.ts';
import { headlineOf, scoresOf, shownVersion } from './headline.ts';

test('the sentence follows the server, the models and what was measured', () => {
  const word = (serving = servingOf(), models = [modelOf()]) => headlineOf({ serving, models }).word;
  assert.equal(word(), 'servedScored');
  assert.equal(word(servingOf(), [modelOf({ baseScore: null })]), 'servedTunedOnly');
  assert.equal(word(servingOf(), [modelOf({ tunedScore: null })]), 'servedUnmeasured');
  assert.equal(word(servingOf(stopped)), 'readyScored');
  assert.equal(word(servingOf({ ...stopped, state: 'failed', failure })), 'serverFailed');
  assert.equal(word(servingOf(), []), 'nothingServed');
  assert.equal(word(servingOf(), [modelOf({ state: 'building' })]), 'nothingServed');
});

test('the version in memory is the one that is told of, else the current one of the newest family', () => {
  const models = [
    modelOf(),
    modelOf({ version: 2, createdAt: moment - 9 }),
    modelOf({ name: 'old', version: 1, createdAt: 1 }),
  ];
  const server = {
    state: 'ready' as const,
    model: null,
    threads: 2,
    running: 0,
    waiting: 0,
    crashes: 0,
    processId: 1,
    path: '',
  };
  assert.equal(
    shownVersion({ serving: servingOf({ servers: [{ ...server, name: 'support:v2' }] }), models })?.version,
    2,
  );
  assert.equal(
    shownVersion({ serving: servingOf({ servers: [{ ...server, state: 'closed', name: 'support:v2' }] }), models })
      ?.version,
    3,
  );
  const families = [
    { name: 'old', current: 1, pinned: false, previous: null, versions: [1] },
    { name: 'support', current: 2, pinned: true, previous: 3, versions: [2, 3] },
  ];
  assert.equal(shownVersion({ serving: servingOf({ families }), models })?.version, 2);
});

test("the interval of the change stands around the base's score and stays on the scale", () => {
  assert.deepEqual(scoresOf(modelOf({ baseScore: 20, tunedScore: 95, interval: [70, 90] })), {
    base: { value: 20 },
    tuned: { value: 95, low: 90, high: 100 },
  });
  assert.equal(scoresOf(modelOf({ tunedScore: null })), null);
});

test('the last five that came to an end, newest first, without what still goes on', () => {
  const runs = [
    runningRun,
    runOf({ state: 'waiting', id: 'w' }),
    ...[1, 2, 3, 4, 5].map((age) => runOf({ id: `r${age}`, updatedAt: moment - age })),
  ];
  const all = lastHappenings(runs, [
    comparisonOf({ updatedAt: moment }),
    comparisonOf({ id: 'x', state: 'running', updatedAt: moment + 1 }),
  ]);
  assert.deepEqual(
    all.map(({ id }) => id),
    ['comparison:comparison-1', 'run:r1', 'run:r2', 'run:r3', 'run:r4'],
  );
});
