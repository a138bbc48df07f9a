import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainJobOf, parity, rowsOf, serving, versionOf, versions } from './fixtures.ts';
import { dataName, estimates, modelRows, parityLines, versionObstacle } from './model-rows.ts';

const around = { serving, mainJobs: new Map([['support:v3', mainJobOf()]]), hidden: new Set<string>() };

test('the newest version comes first, and one that is being removed is gone', () => {
  assert.deepEqual(
    rowsOf(versions).map(({ id }) => id),
    ['support:v3', 'tickets-de:v1', 'support:v2', 'support:v1'],
  );
  assert.equal(modelRows(versions, { ...around, hidden: new Set(['support:v3']) }).length, 3);
});

test('a version knows where it is served, and what it learned from', () => {
  const [v3, , v2] = modelRows(versions, around);
  assert.deepEqual(v3?.reach, { isCurrent: true, isServing: true, isInMemory: true, inOllama: false });
  assert.deepEqual(v2?.reach, { isCurrent: false, isServing: true, isInMemory: false, inOllama: true });
  assert.deepEqual([v3?.data, v2?.data], ['tickets.csv', null]);
});

test('without an engine that serves, nothing is said to be served', () => {
  const [row] = modelRows(versions, { ...around, serving: null });
  assert.deepEqual(row?.reach, { isCurrent: false, isServing: false, isInMemory: false, inOllama: false });
});

test('the interval of the change is laid around the tuned score and stays on the scale', () => {
  assert.deepEqual(estimates({ baseScore: 20, tunedScore: 90, interval: [60, 85] }), {
    baseScore: { value: 20 },
    tunedScore: { value: 90, low: 80, high: 100 },
  });
  assert.deepEqual(estimates({ baseScore: null, tunedScore: 90, interval: [1, 2] }).tunedScore, { value: 90 });
  assert.deepEqual(estimates({ baseScore: 3, tunedScore: null, interval: null }), {
    baseScore: { value: 3 },
    tunedScore: null,
  });
});

test('the data is named by its file, whatever the system', () => {
  assert.equal(dataName('/data/größe 😀.csv'), 'größe 😀.csv');
  assert.equal(dataName('C:\\data\\tickets.csv'), 'tickets.csv');
  assert.equal(dataName('/data/folder/'), 'folder');
  assert.equal(dataName('/home/me/.forge/datasets/tickets/v2/rows.jsonl'), 'tickets:v2');
  assert.equal(dataName('C:\\f\\datasets\\tickets\\v12\\rows.jsonl'), 'tickets:v12');
  assert.equal(dataName('/mine/rows.jsonl'), 'rows.jsonl');
  assert.equal(dataName(undefined), 'sample');
});

test('a version without a file cannot be asked', () => {
  assert.equal(versionObstacle(versionOf()), null);
  assert.equal(versionObstacle(versionOf({ state: 'building' })), 'building');
  assert.equal(versionObstacle(versionOf({ ggufPath: null })), 'adapter-only');
});

test('each parity gate keeps its own verdict', () => {
  const lines = parityLines({ ...parity, loss: { ...parity.loss, passed: false } });
  assert.deepEqual(
    lines.map(({ gate, passed }) => [gate, passed]),
    [
      ['tokens', true],
      ['template', true],
      ['logits', true],
      ['greedy', true],
      ['loss', false],
    ],
  );
});
