import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptRequest } from '#contract/scripts.ts';
import { fakeEngine, streamOf } from '../../create/fake-engine.ts';
import { jobOf } from '../fixtures.ts';
import { failedAtRow, reportOf, reviewOf, sandboxesHere } from './script-states.ts';
import { createScriptsStoreWith, isOf, newDraft } from './scripts-store.ts';

const reference = { name: 'support-tickets', version: 1 };
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

interface Fake {
  readonly asked: ScriptRequest[];
  readonly cancelled?: string[];
  readonly reviewed?: string[];
  readonly end?: Parameters<typeof jobOf>[0];
  readonly starting?: Promise<void>;
  readonly unfit?: boolean;
}

function scriptEngine(fake: Fake) {
  const { asked, cancelled = [], reviewed = [], end = { result: reportOf() } } = fake;
  const running = jobOf({ id: 'try-1', kind: 'script' });
  return fakeEngine({
    scripts: {
      list: () => Promise.resolve([{ script: 'clean', digest: 'd', ranAt: 1, sizeBytes: 3 }]),
      usedSandbox: () =>
        Promise.resolve(sandboxesHere.map((one) => (fake.unfit === true ? { ...one, isFit: false } : one))),
      review: ({ source }: { readonly source: string }) => {
        reviewed.push(source);
        return Promise.resolve(reviewOf());
      },
      read: () => Promise.resolve({ source: 'kept before' }),
      keep: ({ script }: { readonly script: string }) =>
        Promise.resolve({ script, digest: 'a'.repeat(64), ranAt: 1, sizeBytes: 3 }),
      run: async ({ request }: { readonly request: ScriptRequest }) => {
        asked.push(request);
        await fake.starting;
        return running;
      },
    },
    foundry: {
      watch: () => Promise.resolve(streamOf(running, { ...running, state: 'done', ...end })),
      cancel: ({ job }: { readonly job: string }) => {
        cancelled.push(job);
        return Promise.resolve(jobOf({ id: job, state: 'cancelled' }));
      },
    },
  }).engine;
}

function opened(fake: Fake) {
  const store = createScriptsStoreWith(scriptEngine(fake), 0);
  store.getState().openFor(reference);
  return store;
}

test('what was tried is of the script as it stood; a changed one has not been tried', async () => {
  const asked: ScriptRequest[] = [];
  const store = opened({ asked });
  await store.getState().run('try', null);
  const { tried, running, made } = store.getState();
  assert.equal(tried?.value.tried.seen, 200);
  assert.deepEqual([running, made], [null, null]);
  assert.deepEqual(
    [asked[0]?.mode, asked[0]?.name, asked[0]?.version, asked[0]?.as],
    ['try', 'support-tickets', 1, null],
  );
  assert.ok(isOf(tried, store.getState().draft));
  store.getState().change({ allow: { clock: true, random: false } });
  assert.ok(!isOf(tried, store.getState().draft));
  store.getState().change({ allow: { clock: false, random: false } });
  assert.ok(isOf(tried, store.getState().draft));
});

test('the text stays on the way to another version; what came of it there does not', async () => {
  const store = opened({ asked: [] });
  store.getState().change({ source: 'def transform(row): ...' });
  await store.getState().run('try', null);
  store.getState().openFor({ name: 'other', version: 3 });
  assert.equal(store.getState().draft.source, 'def transform(row): ...');
  assert.equal(store.getState().tried, null);
});

test('a row that fails is told with its traceback', async () => {
  const store = opened({ asked: [], end: { state: 'failed', failure: failedAtRow } });
  await store.getState().run('try', null);
  const { failed, running } = store.getState();
  assert.equal(failed?.value.detail['row'], 118);
  assert.equal(running, null);
});

test('a whole run gives the version it made', async () => {
  const all = { ...reportOf().tried, rows: 47_190, merged: 32 };
  const asked: ScriptRequest[] = [];
  const store = opened({ asked, end: { result: reportOf({ version: 2, digest: 'a'.repeat(64), all }) } });
  await store.getState().run('all', 'tidy');
  assert.deepEqual([asked[0]?.mode, asked[0]?.as], ['all', 'tidy']);
  assert.equal(store.getState().made?.version, 2);
});

test('a run that is stopped before the engine said its id is cancelled all the same', async () => {
  let start: () => void = () => undefined;
  const starting = new Promise<void>((resolve) => (start = resolve));
  const cancelled: string[] = [];
  const store = opened({ asked: [], cancelled, starting });
  const running = store.getState().run('all', null);
  await store.getState().stop();
  assert.equal(store.getState().running, null);
  start();
  await running;
  assert.deepEqual(cancelled, ['try-1']);
  assert.equal(store.getState().made, null);
});

test('the difference is asked for after the last key, and not for what the engine would refuse', async () => {
  const reviewed: string[] = [];
  const store = opened({ asked: [], reviewed });
  store.getState().change({ source: 'a' });
  store.getState().change({ source: 'ab' });
  await later();
  assert.deepEqual(reviewed, ['ab']);
  store.getState().change({ script: 'Not A Name' });
  await later();
  assert.deepEqual(reviewed, ['ab']);
  await store.getState().run('try', null);
  assert.equal(store.getState().tried, null);
});

test('sandboxes are looked for once, and again where none held', async () => {
  const fit = opened({ asked: [] });
  await fit.getState().read();
  const first = fit.getState().sandboxes.value;
  await fit.getState().read();
  assert.equal(fit.getState().sandboxes.value, first);
  const unfit = opened({ asked: [], unfit: true });
  await unfit.getState().read();
  const none = unfit.getState().sandboxes.value;
  await unfit.getState().read();
  assert.notEqual(unfit.getState().sandboxes.value, none);
});

test('a kept script takes the place of the text, and a step names what stands there', async () => {
  const store = opened({ asked: [] });
  await store.getState().openKept('clean');
  assert.equal(store.getState().draft.source, 'kept before');
  assert.deepEqual(await store.getState().keepAsStep(), { kind: 'script', script: 'clean', digest: 'a'.repeat(64) });
  store.getState().change({ seed: 7, allow: { clock: false, random: true } });
  const step = await store.getState().keepAsStep();
  assert.deepEqual([step.kind === 'script' && step.seed, step.kind === 'script' && step.allow?.random], [7, true]);
  store.getState().startOver();
  assert.equal(store.getState().draft.source, newDraft.source);
});
