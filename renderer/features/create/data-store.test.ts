import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { DatasetInspection } from '#contract/dataset-preview.ts';
import { createDataStoreWith, type Reading } from './data-store.ts';
import { fakeEngine, settled, streamOf } from './fake-engine.ts';
import { failureOfCode, inspection } from './fixtures.ts';
import { readAnswer, UploadRefused, type SendFile } from './send-file.ts';

const reading: Reading = { path: '/a.csv', mapping: null, systemPrompt: null, heldOutRows: null, seed: null };
const sendNothing: SendFile = () => Promise.reject(new Error('not expected'));

function storeWith(datasets: object, sendFile = sendNothing) {
  return createDataStoreWith(fakeEngine({ datasets }).engine, sendFile);
}

test('fetching tells its progress and ends with a file', async () => {
  const seen: unknown[] = [];
  const store = storeWith({
    obtain: async () =>
      streamOf(
        { kind: 'progress', text: 'part 1', fraction: 0.5 },
        { kind: 'done', path: '/hub/a.jsonl', label: 'o/n', note: '2 files left out' },
      ),
  });
  store.subscribe(({ bringing }) => seen.push(bringing.kind === 'fetching' ? bringing.fraction : bringing.kind));
  assert.deepEqual(await store.getState().obtain('hf:o/n', 'o/n'), { path: '/hub/a.jsonl', label: 'o/n' });
  assert.deepEqual(seen.slice(-3), [0.5, 0.5, 'idle']);
  assert.equal(store.getState().note, '2 files left out');
});

test('a refused fetch says why and chooses nothing', async () => {
  const store = storeWith({ obtain: async () => Promise.reject(new ForgeError('dataset.not-found', { path: '/x' })) });
  assert.equal(await store.getState().obtain('/x', 'x'), null);
  const { bringing } = store.getState();
  assert.equal(bringing.kind === 'failed' && bringing.failure.code, 'dataset.not-found');
});

test('stopping a file on its way is no failure', async () => {
  const sendFile: SendFile = (_file, { signal, onProgress }) =>
    new Promise((_resolve, reject) => {
      onProgress(10, 100);
      signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    });
  const store = storeWith({}, sendFile);
  const sending = store.getState().send(new File(['x'.repeat(100)], 'Tickets März 質問.csv'));
  assert.deepEqual(store.getState().bringing, {
    kind: 'sending',
    label: 'Tickets März 質問.csv',
    sentBytes: 10,
    totalBytes: 100,
  });
  store.getState().stopBringing();
  assert.equal(await sending, null);
  assert.deepEqual(store.getState().bringing, { kind: 'idle' });
});

test('an upload the engine refused carries the engine’s own words', async () => {
  const failure = failureOfCode('dataset.upload-broken-off', 'It did not arrive whole.', 'Drop it again.');
  const store = storeWith({}, () => Promise.reject(new UploadRefused(413, failure)));
  assert.equal(await store.getState().send(new File(['x'], 'a.csv')), null);
  assert.deepEqual(store.getState().bringing, { kind: 'failed', label: 'a.csv', failure });
});

test('the answer to an upload is read with care', () => {
  const failure = { code: 'dataset.upload-name', message: 'no', remedy: 'rename' };
  assert.deepEqual(readAnswer(200, '{"path":"/u/a.csv","bytes":3}'), { path: '/u/a.csv', bytes: 3 });
  const refusals = [
    readAnswer(400, JSON.stringify({ error: failure })),
    readAnswer(502, '<html>'),
    readAnswer(200, '{}'),
  ];
  assert.deepEqual(
    refusals.map((one) => one instanceof UploadRefused && (one.failure?.code ?? null)),
    ['dataset.upload-name', null, null],
  );
});

test('the file that was deleted while its columns were being chosen keeps its last picture and says so', async () => {
  let isThere = true;
  const store = storeWith({
    inspect: async () => {
      if (!isThere) throw new ForgeError('dataset.not-found', { path: '/a.csv' });
      return inspection;
    },
  });
  await store.getState().inspect(reading);
  isThere = false;
  await store.getState().inspect({ ...reading, mapping: { prompt: 'ticket', answer: 'answer' } });
  const { value, failure } = store.getState().inspection;
  assert.equal(value, inspection);
  assert.equal(failure?.code, 'dataset.not-found');
});

test('only the newest reading is shown, however late an older one answers', async () => {
  const answers: ((value: DatasetInspection) => void)[] = [];
  const store = storeWith({ inspect: () => new Promise((resolve) => answers.push(resolve)) });
  const first = store.getState().inspect(reading);
  const second = store.getState().inspect({ ...reading, seed: 2 });
  await settled();
  answers[1]?.({ ...inspection, total: 2 });
  await second;
  answers[0]?.({ ...inspection, total: 1 });
  await first;
  assert.equal(store.getState().inspection.value?.total, 2);
});

test('another file takes the old one’s figures away at once', async () => {
  const store = storeWith({ inspect: async () => inspection });
  await store.getState().inspect(reading);
  void store.getState().inspect({ ...reading, path: '/b.csv' });
  assert.equal(store.getState().inspection.value, null);
  assert.deepEqual(store.getState().rows, []);
});

test('further rows are added once, in order', async () => {
  const offsets: number[] = [];
  const store = storeWith({
    inspect: async ({ offset }: { offset: number }) => {
      offsets.push(offset);
      return inspection;
    },
  });
  await store.getState().inspect(reading);
  await Promise.all([store.getState().morePages(reading), store.getState().morePages(reading)]);
  assert.deepEqual(offsets, [0, 2]);
  assert.equal(store.getState().rows.length, 4);
});

test('the files of a folder go over one by one under one batch, their bytes counted together, and become one file', async () => {
  const sent: unknown[] = [];
  const sendFile: SendFile = async (file, { folder, onProgress }) => {
    onProgress(file.size, file.size);
    sent.push([file.name, folder?.name, folder?.batch]);
    return { path: `C:\\up\\.folders\\x\\rows\\${file.name}`, bytes: file.size };
  };
  const asked: unknown[] = [];
  const store = storeWith(
    {
      obtain: async (input: unknown) => {
        asked.push(input);
        return streamOf({ kind: 'done', path: '/joined/rows.jsonl', label: 'rows', note: '' });
      },
    },
    sendFile,
  );
  const seen: number[] = [];
  store.subscribe(({ bringing }) => bringing.kind === 'sending' && seen.push(bringing.sentBytes / bringing.totalBytes));
  const files = [new File(['abc'], 'a.csv'), new File(['d'], 'b.csv')];
  assert.deepEqual(await store.getState().sendFolder('rows', files), { path: '/joined/rows.jsonl', label: 'rows' });
  const batches = new Set(sent.map((one) => (one as string[])[2]));
  assert.deepEqual([sent.length, batches.size, seen], [2, 1, [0, 0.75, 0.75, 1]]);
  assert.deepEqual(asked, [{ source: 'C:\\up\\.folders\\x\\rows' }]);
});
