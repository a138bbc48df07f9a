import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataExportRequest } from '#contract/data-exports.ts';
import { fakeEngine, settled, streamOf } from '../create/fake-engine.ts';
import { createExportStore, isFolderPath } from './export-store.ts';
import { jobOf } from './fixtures.ts';
import { exportReportOf } from './study-fixtures.ts';

const reference = { name: 'support-tickets', version: 1 };
const done = (request: DataExportRequest) =>
  jobOf({ id: request.mode, kind: 'export', state: 'done', result: exportReportOf({ format: request.format }) });

test('what a format cannot carry is asked for again with each format, before any place is named', async () => {
  const asked: DataExportRequest[] = [];
  const run = ({ request }: { readonly request: DataExportRequest }) => {
    asked.push(request);
    return Promise.resolve(done(request));
  };
  const { engine } = fakeEngine({ dataExports: { run } });
  const store = createExportStore(engine);
  store.getState().openFor(reference);
  await store.getState().look();
  store.getState().change({ format: 'csv' });
  await settled();
  assert.deepEqual(
    asked.map(({ format, mode }) => [format, mode]),
    [
      ['trl', 'check'],
      ['csv', 'check'],
    ],
  );
  assert.equal(store.getState().check?.format, 'csv');
});

test('a look that is under way does not lose what is being written', async () => {
  let endLook: (job: unknown) => void = () => undefined;
  const run = ({ request }: { readonly request: DataExportRequest }) =>
    request.mode === 'check' ? new Promise((resolve) => (endLook = resolve)) : Promise.resolve(done(request));
  const { engine } = fakeEngine({ dataExports: { run }, foundry: { watch: () => Promise.resolve(streamOf()) } });
  const store = createExportStore(engine);
  store.getState().openFor(reference);
  const looking = store.getState().look();
  store.getState().change({ to: '/home/me/out' });
  await store.getState().write();
  assert.equal(store.getState().done?.written, exportReportOf().written);
  endLook(done({ ...reference, format: 'trl', to: '/', mode: 'check', overwrite: false, split: null }));
  await looking;
  assert.notEqual(store.getState().check, null);
  assert.equal(store.getState().isChecking, false);
});

test('only a whole path is a folder to make', () => {
  for (const path of ['/home/me/out', 'C:\\out', 'c:/out', '\\\\server\\out'])
    assert.equal(isFolderPath(path), true, path);
  for (const path of ['', '/', 'out', './out', '~/out']) assert.equal(isFolderPath(path), false, path);
});
