import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundryJob } from '#contract/dataset-versions.ts';
import { fakeEngine, settled } from '../create/fake-engine.ts';
import { datasetRows, nameFor, referenceOf, referenceOfId, versionId } from './dataset-rows.ts';
import { createDatasetsStore } from './datasets-store.ts';
import { jobOf, versionOf, versions } from './fixtures.ts';
import { jobsShown, shareDone } from './foundry-jobs.ts';

/** Gives what is pushed into it, until the end of the connection. */
function jobStream() {
  const waiting: ((job: FoundryJob) => void)[] = [];
  return {
    push: (job: FoundryJob): void => waiting.shift()?.(job),
    async *changes(): AsyncGenerator<FoundryJob> {
      for (;;) yield await new Promise<FoundryJob>((resolve) => waiting.push(resolve));
    },
  };
}

test('the list is read again when a job ends that was seen running, and not for one that had ended before', async () => {
  let reads = 0;
  const stream = jobStream();
  const list = (): Promise<unknown> => Promise.resolve((reads += 1) > 1 ? versions : []);
  const { engine } = fakeEngine({ foundry: { list, watchAll: () => Promise.resolve(stream.changes()) } });
  const store = createDatasetsStore(engine);
  const stop = store.getState().open();
  await settled();
  assert.deepEqual(store.getState().versions, []);
  stream.push(jobOf({ id: 'old', state: 'done' }));
  await settled();
  assert.equal(reads, 1);
  stream.push(jobOf({ state: 'running' }));
  await settled();
  stream.push(jobOf({ state: 'done' }));
  await settled();
  assert.equal(reads, 2);
  assert.equal(store.getState().versions?.length, versions.length);
  stop();
});

test('a failing list is told, and the next try mends it', async () => {
  let isBroken = true;
  const list = (): Promise<unknown> =>
    isBroken ? Promise.reject(new Error('The disk is not there.')) : Promise.resolve(versions);
  const { engine } = fakeEngine({ foundry: { list } });
  const store = createDatasetsStore(engine);
  await store.getState().reload();
  assert.equal(store.getState().failure?.message, 'The disk is not there.');
  isBroken = false;
  await store.getState().reload();
  assert.equal(store.getState().failure, null);
  assert.equal(store.getState().versions?.length, versions.length);
});

test('removing asks the engine at once, and undo asks it to restore the same version', async () => {
  const asked: string[] = [];
  const note =
    (what: string) =>
    ({ name, version }: { readonly name: string; readonly version: number }) => {
      asked.push(`${what} ${name}:v${version}`);
      return Promise.resolve({ freedBytes: 0 });
    };
  const { engine } = fakeEngine({
    foundry: {
      ...{ list: () => Promise.resolve([]), remove: note('remove'), restore: note('restore') },
      uses: () => Promise.resolve([{ model: 'support', version: 3, isBeingMade: false }]),
    },
  });
  const { remove, restore } = createDatasetsStore(engine).getState();
  const both = [1, 2].map((version) => ({ name: 'tickets', version }));
  assert.deepEqual(await remove(both), ['support:v3']);
  await restore(both);
  assert.deepEqual(asked, ['remove tickets:v1', 'remove tickets:v2', 'restore tickets:v1', 'restore tickets:v2']);
});

test('what a version is compared with: what it was made of, else the one before, else any other of its name', () => {
  const made = versionOf({ name: 'b', version: 1, parent: { name: 'a', version: 1 } });
  const rows = datasetRows([
    versionOf({ name: 'a', version: 1 }),
    versionOf({ name: 'a', version: 4 }),
    ...[made, versionOf({ name: 'b', version: 2, parent: { name: 'gone', version: 1 } }), versionOf({ name: 'c' })],
  ]);
  const found = rows.map(({ id, comparedWith }) => [id, comparedWith === null ? null : versionId(comparedWith)]);
  assert.deepEqual(Object.fromEntries(found), {
    'a:v1': 'a:v4',
    'a:v4': 'a:v1',
    'b:v1': 'a:v1',
    'b:v2': 'b:v1',
    'c:v1': null,
  });
  assert.deepEqual(referenceOfId('a:v4'), { name: 'a', version: 4 });
  for (const wrong of ['a', 'a:4', ':v1', '../x:v1', 'a:v0']) assert.equal(referenceOfId(wrong), null, wrong);
});

test('versions stand under their dataset, the dataset that changed last on top', () => {
  const rows = datasetRows([
    versionOf({ name: 'a', version: 1, createdAt: 5 }),
    versionOf({ name: 'b', version: 1, createdAt: 3 }),
    versionOf({ name: 'b', version: 2, createdAt: 9 }),
  ]);
  assert.deepEqual(
    rows.map(({ id, isNewest }) => [id, isNewest]),
    [
      ['b:v2', true],
      ['b:v1', false],
      ['a:v1', true],
    ],
  );
});

test('names are made of those of files, and addresses are read back', () => {
  assert.equal(nameFor('Kunden Tickets (2).csv'), 'kunden-tickets-2');
  assert.equal(nameFor('Größe & Maß.jsonl.gz'), 'grosse-mass');
  assert.equal(nameFor('数据.parquet'), 'dataset');
  assert.deepEqual(referenceOf('tickets', 'v12'), { name: 'tickets', version: 12 });
  assert.equal(referenceOf('tickets', 'v0'), null);
  assert.equal(referenceOf('tickets', 'latest'), null);
});

test('what is shown above the list: all that goes on, and what failed until it is put away', () => {
  const jobs = [
    jobOf({ id: 'a' }),
    jobOf({ id: 'b', state: 'failed' }),
    jobOf({ id: 'c', state: 'done' }),
    jobOf({ id: 'd', state: 'paused' }),
  ];
  assert.deepEqual(
    jobsShown(jobs, new Set()).map(({ id }) => id),
    ['a', 'b', 'd'],
  );
  assert.deepEqual(
    jobsShown(jobs, new Set(['b'])).map(({ id }) => id),
    ['a', 'd'],
  );
  assert.equal(shareDone(jobOf({ total: null })), null);
  assert.equal(shareDone(jobOf({ done: 5, total: 0 })), null);
});
