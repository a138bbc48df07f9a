import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MainJobView } from '#contract/main-job.ts';
import {
  canGoTo,
  copyOf,
  hasData,
  isLocked,
  newDraft,
  reachableStep,
  requestOf,
  stepStates,
  suggestedName,
  withData,
  withWishes,
} from './draft-state.ts';

const fresh = newDraft('draft-0001');
const chosen = withData(fresh, { path: '/data/Tickets März.csv', label: 'Tickets März.csv' });
const started = { ...chosen, step: 'train', mainJob: 'job-1' } as const;
const job = (changes: object): MainJobView => ({ state: 'running', result: null, ...changes }) as MainJobView;

test('a new draft can only stand at its data; choosing them opens base and plan', () => {
  assert.equal(hasData(fresh), false);
  assert.equal(reachableStep(fresh, 'plan', null), 'data');
  assert.equal(reachableStep(chosen, 'plan', null), 'plan');
  assert.equal(reachableStep(chosen, 'serve', null), 'plan');
  assert.equal(reachableStep(chosen, 'nonsense', null), 'data');
});

test('the sample is data without a path', () => {
  const sample = withData(fresh, { path: null, label: 'Support tickets' });
  assert.equal(hasData(sample), true);
  assert.equal(sample.request.dataset, undefined);
});

test('a result can be looked at only when there is one; a reload keeps the step until that is known', () => {
  assert.equal(reachableStep(started, 'result', job({})), 'train');
  assert.equal(reachableStep(started, 'result', job({ state: 'succeeded', result: {} })), 'result');
  assert.equal(reachableStep(started, 'result', null), 'result');
  assert.equal(canGoTo(chosen, 'train', null), false);
});

test('the bar tells done, now, later and failed', () => {
  const states = (draft: typeof chosen, now: 'plan' | 'train', view: MainJobView | null): string =>
    stepStates(draft, now, view)
      .map(({ state }) => state)
      .join(' ');
  assert.equal(states({ ...chosen, step: 'plan' }, 'plan', null), 'done done now later later later');
  assert.equal(states(started, 'train', job({})), 'done done done now later later');
  assert.equal(states(started, 'train', job({ state: 'failed' })), 'done done done failed later later');
});

test('other data take their own mapping and name, and keep every other decision', () => {
  const decided = withWishes(chosen, {
    mapping: { prompt: 'a', answer: 'b' },
    base: 'qwen',
    name: suggestedName(chosen),
    settings: { rank: 8 },
  });
  const other = withData(decided, { path: '/data/b.csv', label: 'b.csv' });
  assert.deepEqual(other.request, { base: 'qwen', settings: { rank: 8 }, dataset: '/data/b.csv' });
  const named = withData(withWishes(decided, { name: 'mine' }), { path: '/data/b.csv', label: 'b.csv' });
  assert.equal(named.request.name, 'mine');
});

test('the same data again lose nothing', () => {
  const decided = withWishes(chosen, { mapping: { prompt: 'a', answer: 'b' } });
  assert.equal(withData(decided, { path: '/data/Tickets März.csv', label: 'Tickets März.csv' }), decided);
});

test('a name is suggested from any file name', () => {
  const names = ['Tickets März.csv', 'C:\\Daten\\Größe 2.jsonl', '質問.json', 'owner/name', ''].map((datasetLabel) =>
    suggestedName({ datasetLabel }),
  );
  assert.deepEqual(names, ['tickets-marz', 'gro-e-2', 'model', 'name', 'model']);
});

test('the request carries the suggested name unless there is another', () => {
  assert.deepEqual(requestOf(chosen), {
    name: 'tickets-marz',
    dataset: '/data/Tickets März.csv',
    export: true,
    deployToOllama: 'auto',
  });
  assert.equal(requestOf(withWishes(chosen, { name: 'mine' })).name, 'mine');
});

test('decisions of a training that has begun are changed in a copy', () => {
  assert.equal(isLocked(started, 'base'), true);
  assert.equal(isLocked(started, 'train'), false);
  const copy = copyOf(started, 'draft-0002', 'result');
  assert.deepEqual(copy, { ...started, id: 'draft-0002', step: 'plan', mainJob: null });
});

test('taking a wish back leaves no trace of it', () => {
  assert.deepEqual(withWishes(withWishes(chosen, { base: 'x' }), { base: undefined }).request, chosen.request);
});
