import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeEngine } from '../create/fake-engine.ts';
import { baseModels } from '../create/fixtures.ts';
import { basesHere, createChoicesStore, nameOfDomain } from './choices-store.ts';
import { shownDomains } from './filter-fixtures.ts';

test('packs are read, and those of before stay while the engine cannot say', async () => {
  let isGone = false;
  const { engine } = fakeEngine({
    domains: { list: () => (isGone ? Promise.reject(new Error('gone')) : Promise.resolve(shownDomains)) },
  });
  const store = createChoicesStore(engine);
  await store.getState().readDomains();
  assert.deepEqual(store.getState().domains.value?.map(nameOfDomain), ['Coding', 'Healthcare', 'mine']);
  isGone = true;
  await store.getState().readDomains();
  assert.equal(store.getState().domains.value?.length, 3);
  assert.notEqual(store.getState().domains.failure, null);
});

test('only bases on this disk can count tokens', () => {
  const here = baseModels.filter(({ state }) => state === 'ready').map(({ id }) => id);
  assert.ok(here.length > 0 && here.length < baseModels.length);
  assert.deepEqual(
    basesHere(baseModels).map(({ id }) => id),
    here,
  );
});
