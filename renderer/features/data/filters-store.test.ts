import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ViewStep } from '#contract/dataset-versions.ts';
import { fakeEngine, streamOf } from '../create/fake-engine.ts';
import { createFiltersStoreWith } from './filters-store.ts';
import { filtersState } from './filter-fixtures.ts';
import { failure, jobOf } from './fixtures.ts';

const reference = { name: 'support-tickets', version: 1 };
const outcomes = filtersState().counted?.outcomes ?? [];
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

interface Fake {
  readonly tried: (readonly ViewStep[])[];
  readonly end?: Parameters<typeof jobOf>[0];
}

function countingEngine({ tried, end = { state: 'done' } }: Fake) {
  return fakeEngine({
    foundry: {
      viewOutcome: ({ steps }: { readonly steps: readonly ViewStep[] }) =>
        Promise.resolve(tried.length === 0 ? null : outcomes.slice(0, steps.length)),
      tryView: ({ steps }: { readonly steps: readonly ViewStep[] }) => {
        tried.push(steps);
        return Promise.resolve(jobOf({ kind: 'freeze' }));
      },
      watch: () => Promise.resolve(streamOf(jobOf({ kind: 'freeze' }), jobOf({ kind: 'freeze', ...end }))),
      freeze: (input: unknown) => {
        tried.push([input as ViewStep]);
        return Promise.resolve(jobOf({ kind: 'freeze' }));
      },
    },
  }).engine;
}

test('a step that was added is counted by itself, and what was counted before is not counted again', async () => {
  const tried: (readonly ViewStep[])[] = [];
  const store = createFiltersStoreWith(countingEngine({ tried }), 0);
  store.getState().openFor(reference);
  store.getState().add('length');
  await later();
  assert.equal(tried.length, 1);
  assert.equal(store.getState().job, null);
  assert.deepEqual(
    store.getState().counted?.steps.map(({ kind }) => kind),
    ['length'],
  );
  await store.getState().count();
  assert.equal(tried.length, 1);
});

test('a half-made step is not counted', async () => {
  const tried: (readonly ViewStep[])[] = [];
  const store = createFiltersStoreWith(countingEngine({ tried }), 0);
  store.getState().openFor(reference);
  store.getState().add('regex');
  const [added] = store.getState().steps;
  assert.ok(added !== undefined);
  store.getState().change(added.key, { kind: 'regex', pattern: '(', place: 'answer', keepMatches: true });
  await later();
  assert.equal(tried.length, 0);
});

test('a count that fails says why', async () => {
  const store = createFiltersStoreWith(countingEngine({ tried: [], end: { state: 'failed', failure } }), 0);
  store.getState().openFor(reference);
  store.getState().add('refusal');
  await later();
  assert.equal(store.getState().failure?.code, 'disk.full');
  assert.equal(store.getState().job, null);
});

test('only the steps that are on are frozen, and another version begins without steps', async () => {
  const tried: (readonly ViewStep[])[] = [];
  const store = createFiltersStoreWith(countingEngine({ tried }), 100);
  store.getState().openFor(reference);
  store.getState().add('length');
  store.getState().add('refusal');
  const [first] = store.getState().steps;
  assert.ok(first !== undefined);
  store.getState().switchStep(first.key, false);
  await store.getState().freeze('clean', null);
  const sent = tried[0]?.[0] as unknown as { readonly steps: readonly ViewStep[]; readonly as: string };
  assert.deepEqual([sent.as, sent.steps.map(({ kind }) => kind)], ['clean', ['refusal']]);
  store.getState().openFor({ ...reference, version: 2 });
  assert.deepEqual(store.getState().steps, []);
});
