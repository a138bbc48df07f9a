import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import type { MainJobQuery } from '#contract/main-job.ts';
import { ForgeError } from '#contract/errors.ts';
import { createEngineAccess } from '../../connection/engine-access.ts';
import { mainJobFixture } from './fixtures.ts';
import { createFinishedStore } from './finished-store.ts';

/** An engine with `count` runs that are over, which answers after as many ms as `delays` says in turn. */
function connected(count: number, delays: number[] = []) {
  const asked: MainJobQuery[] = [];
  const page = async (query: MainJobQuery) => {
    asked.push(query);
    await wait(delays.shift() ?? 0);
    if (query.text === 'broken') throw new ForgeError('engine.disk-full', { path: 'x' });
    const rows = Array.from({ length: Math.max(0, Math.min(query.limit, count - query.offset)) }, (_, index) =>
      mainJobFixture({ name: `${query.text}${query.offset + index}`, version: 1, state: 'failed' }),
    );
    return { rows, total: count, all: count };
  };
  const engine = createEngineAccess();
  engine.onConnected({ mainJobs: { page } } as unknown as ForgeClient, new AbortController().signal);
  return { store: createFinishedStore(engine), asked };
}

test('the first hundred come at once, more as one scrolls, and a change is read again as far as one has scrolled', async () => {
  const { store, asked } = connected(350);
  await wait(20);
  assert.equal(store.getState().rows?.length, 100);
  for (let turn = 0; turn < 3; turn += 1) {
    store.getState().more();
    store.getState().more();
    await wait(20);
  }
  assert.equal(store.getState().rows?.length, 350);
  const before = asked.length;
  await store.getState().refresh();
  assert.deepEqual(
    asked.slice(before).map(({ offset, limit }) => [offset, limit]),
    [
      [0, 200],
      [200, 200],
    ],
  );
  store.getState().more();
  assert.equal(asked.length, before + 2, 'below the last there is nothing to ask for');
});

test('what is sorted and filtered by goes to the engine, and a late answer to an old question is not shown', async () => {
  const { store, asked } = connected(3, [0, 60, 0]);
  await wait(10);
  store.getState().look({ filter: { text: 'slow', state: 'stopped' } });
  store.getState().look({ filter: { text: 'fast', state: 'all' }, sort: { column: 'score', descending: false } });
  await wait(100);
  assert.deepEqual(
    asked.slice(1).map(({ text, states, sort, descending }) => [text, states, sort, descending]),
    [
      ['slow', ['cancelled', 'interrupted'], 'ended', true],
      ['fast', null, 'score', false],
    ],
  );
  assert.equal(store.getState().rows?.[0]?.name, 'fast0');
});

test('what the engine refuses is told, and the next answer takes it away', async () => {
  const { store } = connected(3);
  store.getState().look({ filter: { text: 'broken', state: 'all' } });
  await wait(20);
  assert.equal(store.getState().failure?.code, 'engine.disk-full');
  store.getState().look({ filter: { text: '', state: 'all' } });
  await wait(20);
  assert.equal(store.getState().failure, null);
});
