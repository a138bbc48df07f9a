import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MainJobDraft } from '#contract/drafts.ts';
import { withData, withWishes } from './draft-state.ts';
import { createDraftsStore, saveDelayMs } from './drafts-store.ts';
import { fakeEngine, settled } from './fake-engine.ts';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function disk(initial: readonly MainJobDraft[] = []) {
  const files = new Map(initial.map((draft) => [draft.id, draft]));
  const state = { writes: 0, isBroken: false };
  const drafts = {
    list: async () => [...files.values()],
    save: async ({ draft }: { draft: Omit<MainJobDraft, 'updatedAt'> }) => {
      if (state.isBroken) throw new Error('away');
      state.writes += 1;
      const saved = { ...draft, updatedAt: state.writes };
      files.set(draft.id, saved);
      return saved;
    },
    remove: async ({ id }: { id: string }) => ({ removed: files.delete(id) }),
  };
  return { files, state, drafts };
}

const data = { path: '/data/a.csv', label: 'a.csv' };

test('changes are kept together, 300 ms after the last one', async () => {
  const { files, state, drafts } = disk();
  const store = createDraftsStore(fakeEngine({ drafts }).engine).getState();
  const id = store.start();
  store.change((draft) => withData(draft, data));
  store.change((draft) => withWishes(draft, { base: 'qwen' }));
  assert.equal(state.writes, 0);
  await pause(saveDelayMs + 60);
  assert.equal(state.writes, 1);
  assert.deepEqual(files.get(id)?.request, { dataset: '/data/a.csv', base: 'qwen' });
});

test('leaving writes at once, and a change that changes nothing writes nothing', async () => {
  const { state, drafts } = disk();
  const store = createDraftsStore(fakeEngine({ drafts }).engine).getState();
  store.start();
  await store.flush();
  store.change((draft) => draft);
  await store.flush();
  assert.equal(state.writes, 1);
});

test('a reload comes back to the same step with the same decisions', async () => {
  const { drafts } = disk();
  const first = createDraftsStore(fakeEngine({ drafts }).engine).getState();
  const id = first.start((draft) => ({ ...withData(draft, data), step: 'plan' }));
  await first.flush();
  const second = createDraftsStore(fakeEngine({ drafts }).engine);
  await second.getState().open(id);
  assert.deepEqual(second.getState().draft, {
    v: 1,
    id,
    step: 'plan',
    request: { dataset: '/data/a.csv' },
    datasetLabel: 'a.csv',
    mainJob: null,
  });
});

test('a draft of somebody else’s making is understood: wishes become settings, data get a name', async () => {
  const foreign: MainJobDraft = {
    v: 1,
    id: 'duplicate-1',
    updatedAt: 1,
    step: 'plan',
    request: { name: 'support', dataset: '/x/y.csv', minutes: 5, rank: 8 },
    datasetLabel: null,
    mainJob: null,
  };
  const store = createDraftsStore(fakeEngine({ drafts: disk([foreign]).drafts }).engine);
  await store.getState().open('duplicate-1');
  assert.equal(store.getState().draft?.datasetLabel, 'y.csv');
  assert.deepEqual(store.getState().draft?.request.settings, { rank: 8, maxMinutes: 5 });
});

test('what could not be written stays, is said, and is written when the engine is back', async () => {
  const { files, state, drafts } = disk();
  const { engine, drop, connect } = fakeEngine({ drafts });
  const store = createDraftsStore(engine);
  state.isBroken = true;
  const id = store.getState().start((draft) => withData(draft, data));
  await store.getState().flush();
  assert.equal(store.getState().saving, 'failed');
  assert.equal(store.getState().draft?.datasetLabel, 'a.csv');
  state.isBroken = false;
  drop();
  connect();
  await settled();
  assert.equal(store.getState().saving, 'saved');
  assert.equal(files.get(id)?.datasetLabel, 'a.csv');
});

test('two drafts in a row both reach the disk', async () => {
  const { files, drafts } = disk();
  const store = createDraftsStore(fakeEngine({ drafts }).engine).getState();
  const first = store.start((draft) => withData(draft, data));
  const second = store.start();
  await store.flush();
  assert.deepEqual([...files.keys()], [first, second]);
});

test('a removed draft is not written again by what waited', async () => {
  const { files, drafts } = disk();
  const store = createDraftsStore(fakeEngine({ drafts }).engine);
  const id = store.getState().start();
  await store.getState().remove(id);
  await pause(saveDelayMs + 60);
  assert.equal(files.size, 0);
  assert.equal(store.getState().draft, null);
});

test('a draft that is not there is said to be missing', async () => {
  const store = createDraftsStore(fakeEngine({ drafts: disk().drafts }).engine);
  await store.getState().open('nowhere-1');
  assert.equal(store.getState().isMissing, true);
});

test('an engine that cannot list is a failure, not a missing draft', async () => {
  const drafts = { list: async () => Promise.reject(new Error('away')) };
  const store = createDraftsStore(fakeEngine({ drafts }).engine);
  await store.getState().open('draft-0001');
  assert.equal(store.getState().isMissing, false);
  assert.equal(store.getState().failure?.message, 'away');
});
