import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreviewRequest } from '#contract/import-preview.ts';
import { fakeEngine, settled, streamOf } from '../create/fake-engine.ts';
import { UploadRefused, type SendFile } from '../create/send-file.ts';
import { failure, hubListingOf, jobOf, previewOf } from './fixtures.ts';
import { createImportStoreWith, isOwnMapping } from './import-store.ts';

const sends: SendFile = (file, { onProgress }) => {
  onProgress(file.size, file.size);
  return Promise.resolve({ path: `/uploads/${file.name}`, bytes: file.size });
};

/** An engine that understands nothing until it is told the places. */
function engineThatNeedsPlaces(asked: PreviewRequest[]) {
  return fakeEngine({
    foundry: {
      preview: (input: PreviewRequest) => {
        asked.push(input);
        return Promise.resolve(previewOf({ format: input.mapping === null ? null : 'mapped' }));
      },
      import: () => Promise.resolve(jobOf({ id: 'the-import' })),
    },
  }).engine;
}

test('where nothing is understood the places that were found are tried at once, and are no choice of the person', async () => {
  const asked: PreviewRequest[] = [];
  const store = createImportStoreWith(engineThatNeedsPlaces(asked), sends);
  await store.getState().beginWith(['/data/tickets.csv'], 'tickets.csv');
  assert.deepEqual(
    asked.map(({ mapping }) => mapping),
    [null, { prompt: 'Anliegen', answer: 'Antwort' }],
  );
  const { draft, preview } = store.getState();
  assert.ok(draft !== null && preview.value !== null);
  assert.equal(isOwnMapping(draft, preview.value), false);
  await store.getState().change({ mapping: { prompt: 'Anliegen', answer: 'Status' } });
  const changed = store.getState();
  assert.ok(changed.draft !== null && changed.preview.value !== null);
  assert.equal(isOwnMapping(changed.draft, changed.preview.value), true);
});

test('a name is no reason to look again, an encoding is', async () => {
  const asked: PreviewRequest[] = [];
  const store = createImportStoreWith(engineThatNeedsPlaces(asked), sends);
  await store.getState().beginWith(['/data/tickets.csv'], 'tickets.csv');
  asked.length = 0;
  await store.getState().change({ name: 'other' });
  assert.equal(asked.length, 0);
  await store.getState().change({ encoding: 'shift_jis' });
  assert.equal(asked.at(-1)?.encoding, 'shift_jis');
});

test('files are handed over one after the other, and all their paths are looked at', async () => {
  const asked: PreviewRequest[] = [];
  const store = createImportStoreWith(engineThatNeedsPlaces(asked), sends);
  await store.getState().send([new File(['a'], 'one.csv'), new File(['b'], 'two.csv')]);
  assert.deepEqual(asked[0]?.paths, ['/uploads/one.csv', '/uploads/two.csv']);
  assert.equal(store.getState().draft?.name, 'one');
  assert.equal(store.getState().bringing.kind, 'idle');
});

test('a folder is known by the place in which its files were put', async () => {
  const asked: PreviewRequest[] = [];
  const batches = new Set<string>();
  const into: SendFile = (file, { folder }) => {
    batches.add(folder?.batch ?? '');
    return Promise.resolve({ path: `/uploads/batch/${file.name}`, bytes: 1 });
  };
  const store = createImportStoreWith(engineThatNeedsPlaces(asked), into);
  await store.getState().sendFolder('rows', [new File(['a'], 'one.csv'), new File(['b'], 'two.csv')]);
  assert.deepEqual(asked[0]?.paths, ['/uploads/batch']);
  assert.equal(batches.size, 1);
});

/** An engine with a dataset of the hub of so many parts, which tells one step of its fetching. */
function engineWithHub(parts: number, fetched: string[], asked: PreviewRequest[]) {
  return fakeEngine({
    foundry: {
      hubParts: () => Promise.resolve(hubListingOf(parts)),
      fetchHub: ({ source }: { source: string }) => {
        fetched.push(source);
        return Promise.resolve(
          streamOf(
            { kind: 'progress', file: 'a.parquet', doneBytes: 1, totalBytes: 2 },
            { kind: 'done', source, files: 1, sizeBytes: 2 },
          ),
        );
      },
      preview: (input: PreviewRequest) => {
        asked.push(input);
        return Promise.resolve(previewOf());
      },
    },
  }).engine;
}

test('of a dataset of the hub with several parts nothing is fetched before one is chosen; that one is looked at', async () => {
  const [fetched, asked]: [string[], PreviewRequest[]] = [[], []];
  const store = createImportStoreWith(engineWithHub(3, fetched, asked), sends);
  const fetching = store.getState().fetchHub('hf:publisher/tickets', 'publisher/tickets');
  await settled();
  const { bringing } = store.getState();
  assert.equal(bringing.kind === 'choosing' && bringing.listing.parts.length, 3);
  assert.deepEqual(fetched, []);
  store.getState().choosePart('hf:publisher/tickets:default/test');
  await fetching;
  assert.deepEqual(fetched, ['hf:publisher/tickets:default/test']);
  assert.deepEqual(asked[0]?.paths, ['hf:publisher/tickets:default/test']);
  assert.equal(store.getState().draft?.name, 'publisher-tickets');
});

test('the only part, or the one that was named, is fetched at once; a choice that is left fetches nothing', async () => {
  const fetched: string[] = [];
  await createImportStoreWith(engineWithHub(1, fetched, []), sends)
    .getState()
    .fetchHub('hf:publisher/tickets', 'x');
  await createImportStoreWith(engineWithHub(3, fetched, []), sends)
    .getState()
    .fetchHub('hf:publisher/tickets:default/train', 'x');
  assert.deepEqual(fetched, ['hf:publisher/tickets:default/train', 'hf:publisher/tickets:default/train']);
  const left = createImportStoreWith(engineWithHub(3, fetched, []), sends);
  const fetching = left.getState().fetchHub('hf:publisher/tickets', 'x');
  await settled();
  left.getState().stopBringing();
  await fetching;
  assert.deepEqual([left.getState().bringing.kind, fetched.length], ['idle', 2]);
});

test('an upload that is refused says why, and one that was stopped says nothing', async () => {
  const refuses: SendFile = () => Promise.reject(new UploadRefused(507, failure));
  const store = createImportStoreWith(fakeEngine({}).engine, refuses);
  await store.getState().send([new File(['a'], 'one.csv')]);
  const { bringing } = store.getState();
  assert.equal(bringing.kind === 'failed' && bringing.failure.code, 'disk.full');

  const never: SendFile = (_file, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
  const stopped = createImportStoreWith(fakeEngine({}).engine, never);
  const sending = stopped.getState().send([new File(['a'], 'one.csv')]);
  await settled();
  assert.equal(stopped.getState().bringing.kind, 'sending');
  stopped.getState().stopBringing();
  await sending;
  assert.equal(stopped.getState().bringing.kind, 'idle');
  assert.equal(stopped.getState().draft, null);
});

test('the import is asked for as it was previewed, and its job is known', async () => {
  const store = createImportStoreWith(engineThatNeedsPlaces([]), sends);
  await store.getState().beginWith(['/data/tickets.csv'], 'tickets.csv');
  const job = await store.getState().start();
  assert.equal(job?.id, 'the-import');
  assert.equal(store.getState().job, 'the-import');
  store.getState().forget();
  assert.equal(store.getState().draft, null);
});

test('an import that is refused leaves the draft and says why', async () => {
  const { engine } = fakeEngine({
    foundry: { preview: () => Promise.resolve(previewOf()), import: () => Promise.reject(new Error('no room')) },
  });
  const store = createImportStoreWith(engine, sends);
  await store.getState().beginWith(['/data/tickets.csv'], 'tickets.csv');
  assert.equal(await store.getState().start(), null);
  assert.equal(store.getState().failure?.message, 'no room');
  assert.notEqual(store.getState().draft, null);
});

test('what was said for the same columns before holds again, and goes back to what was found', async () => {
  const remembered = { mapping: { prompt: '{Anliegen}!', answer: 'Antwort' }, savedAt: 1 };
  const asked: PreviewRequest[] = [];
  const { engine } = fakeEngine({
    foundry: {
      preview: (input: PreviewRequest) => {
        asked.push(input);
        return Promise.resolve(previewOf({ format: input.mapping === null ? null : 'mapped', remembered }));
      },
    },
  });
  const store = createImportStoreWith(engine, sends);
  await store.getState().beginWith(['/data/tickets.csv'], 'tickets.csv');
  assert.deepEqual(store.getState().draft?.mapping, remembered.mapping);
  await store.getState().change({ mapping: null });
  assert.deepEqual(store.getState().draft?.mapping, previewOf().suggested);
});

test('documents are read as such: by their names, or where a folder holds no table', async () => {
  const orders: unknown[] = [];
  const job = { id: 'the-reading' };
  const { engine } = fakeEngine({
    foundry: { preview: () => Promise.reject(Object.assign(new Error('no table'), { code: 'none' })) },
    documents: {
      import: (order: unknown) => {
        orders.push(order);
        return Promise.resolve(job);
      },
    },
  });
  const store = createImportStoreWith(engine, sends);
  await store.getState().beginWith(['/data/manual.pdf'], 'manual.pdf');
  assert.equal(store.getState().draft?.asDocuments, true);
  await store.getState().start();
  assert.deepEqual((orders[0] as { request: { paths: string[]; name: string } }).request.paths, ['/data/manual.pdf']);
  assert.equal(store.getState().job, 'the-reading');
});
