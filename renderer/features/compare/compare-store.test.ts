import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import type { ComparisonRequest } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { createEngineAccess } from '../../connection/engine-access.ts';
import { createCompareStore } from './compare-store.ts';
import { cloud, comparableModels, providers, tuned, viewOf } from './fixtures.ts';

function fakeEngine() {
  const seen = { estimates: [] as ComparisonRequest[], refuses: false };
  const comparisons = {
    models: async () => comparableModels,
    list: async () => [viewOf({ id: 'c1' }), viewOf({ id: 'c2' })],
    estimate: async ({ request }: { request: ComparisonRequest }) => {
      seen.estimates.push(request);
      return { prompts: 1, panes: [], usdAtMost: 0, secondsAbout: 3 };
    },
    start: async () => {
      if (seen.refuses) throw new ForgeError('comparison.over-cap', { atMostUsd: 4, capUsd: 2 });
      return viewOf({ id: 'made' });
    },
    remove: async () => {
      if (seen.refuses) throw new ForgeError('comparison.running');
      return { removed: true };
    },
  };
  const client = {
    comparisons,
    providers: { list: async () => providers },
    datasets: { list: async () => [] },
    mainJobs: { list: async () => [] },
  };
  const engine = createEngineAccess();
  engine.onConnected(client as unknown as ForgeClient, new AbortController().signal);
  return { engine, seen };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.ok(isSo());
}

test('while somebody types, the cost is asked for once, and only for a whole draft', async () => {
  const { engine, seen } = fakeEngine();
  const store = createCompareStore(engine);
  store.getState().change({ prompt: 'no models yet' });
  store.getState().prepare([tuned, cloud]);
  for (const prompt of ['H', 'He', 'Hello']) store.getState().change({ prompt });
  await until(() => store.getState().estimate !== null);
  assert.equal(seen.estimates.length, 1);
  assert.deepEqual(seen.estimates[0]?.prompts, { kind: 'typed', prompts: ['Hello'] });
});

test('a refused start says why beside the button and keeps what was written', async () => {
  const { engine, seen } = fakeEngine();
  seen.refuses = true;
  const store = createCompareStore(engine);
  store.getState().change({ models: [tuned, cloud], prompt: 'Hello' });
  assert.equal(await store.getState().start(), null);
  assert.equal(store.getState().refusal?.code, 'comparison.over-cap');
  assert.equal(store.getState().draft.prompt, 'Hello');
  seen.refuses = false;
  assert.equal(await store.getState().start(), 'made');
  assert.equal(store.getState().draft.prompt, '');
});

test('a comparison that could not be removed comes back into the list', async () => {
  const { engine, seen } = fakeEngine();
  const store = createCompareStore(engine);
  await store.getState().reload();
  store.getState().hide('c1');
  seen.refuses = true;
  await assert.rejects(store.getState().remove('c1'));
  assert.equal(store.getState().hidden.size, 0);
  seen.refuses = false;
  await store.getState().remove('c1');
  assert.deepEqual(
    store.getState().recent?.map(({ id }) => id),
    ['c2'],
  );
});
