import assert from 'node:assert/strict';
import { access, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { code, setting } from './store-setting.ts';

test('a model is fetched from the hub once, checked, and is ready from then on', async () => {
  const { hub, store, step, fractions, folder } = await setting();
  assert.equal((await store.resolve('tiny')).state, 'available');
  const obtained = await store.obtain('tiny', step);
  assert.deepEqual(obtained, {
    id: 'tiny-model',
    source: { kind: 'folder', path: folder },
    digest: hub.commit,
    origin: 'in the Hugging Face hub (publisher/tiny-model)',
  });
  assert.deepEqual((await readdir(folder)).toSorted(), [
    'config.json',
    'model.safetensors',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  assert.deepEqual(
    fractions,
    fractions.toSorted((a, b) => a - b),
  );
  assert.equal(fractions.at(-1), 1);
  const requests = hub.seen.length;
  assert.deepEqual(await store.obtain('tiny', step), obtained);
  assert.equal(hub.seen.length, requests, 'nothing more was asked');
});

test('a broken transfer goes on where it stopped, within one call', async () => {
  const { hub, store, step, folder } = await setting();
  hub.breakAfterBytes = 60_000;
  hub.breaks = 2;
  await store.obtain('tiny', step);
  assert.deepEqual(
    hub.requestsFor('model.safetensors').map(({ range }) => range),
    [undefined, 'bytes=60000-', 'bytes=120000-'],
  );
  assert.deepEqual(await readFile(join(folder, 'model.safetensors')), hub.files.get('model.safetensors'));
});

test('a transfer broken for good is said, and the next call goes on where it stopped', async () => {
  const { hub, store, step, folder } = await setting();
  hub.breakAfterBytes = 0;
  hub.breaks = 100;
  await writeFolderPart(folder, hub.files.get('model.safetensors')?.subarray(0, 50_000) ?? Buffer.alloc(0));
  await assert.rejects(store.obtain('tiny', step), code('network.lost'));
  hub.breaks = 0;
  await store.obtain('tiny', step);
  assert.equal(hub.requestsFor('model.safetensors').at(-1)?.range, 'bytes=50000-');
  assert.deepEqual(await readFile(join(folder, 'model.safetensors')), hub.files.get('model.safetensors'));
});

async function writeFolderPart(folder: string, content: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.safetensors.part'), content);
}

test('a server that ignores ranges still leads to the right file', async () => {
  const { hub, store, step, folder } = await setting();
  hub.ignoresRanges = true;
  await writeFolderPart(folder, Buffer.from('something'));
  await store.obtain('tiny', step);
  assert.deepEqual(await readFile(join(folder, 'model.safetensors')), hub.files.get('model.safetensors'));
});

test('the beginning of another version of a file is thrown away, and the file is fetched whole', async () => {
  const { hub, store, step, folder } = await setting();
  await writeFolderPart(folder, Buffer.alloc(50_000, 9));
  await store.obtain('tiny', step);
  assert.deepEqual(
    hub.requestsFor('model.safetensors').map(({ range }) => range),
    ['bytes=50000-', undefined],
  );
});

test('a file that is not what was published is deleted and named, large or small', async () => {
  for (const name of ['model.safetensors', 'config.json']) {
    const { hub, store, step, folder } = await setting();
    hub.corrupt.add(name);
    await assert.rejects(
      store.obtain('tiny', step),
      (error) =>
        error instanceof ForgeError && error.code === 'base-model.digest-mismatch' && error.detail['file'] === name,
    );
    assert.deepEqual(
      (await readdir(folder)).filter((entry) => entry.startsWith(name)),
      [],
    );
    assert.equal((await store.resolve('tiny')).state, 'available');
    hub.corrupt.clear();
    await store.obtain('tiny', step);
  }
});

test('a gated model says what to do, with and without a token, and opens with the right one', async () => {
  const without = await setting();
  without.hub.token = 'right';
  await assert.rejects(without.store.obtain('tiny', without.step), (error) => {
    assert.ok(error instanceof ForgeError && error.code === 'base-model.gated');
    assert.match(
      `${error.message} ${error.remedy}`,
      /no token is set.*Accept the licence.*`forge secrets set hf_token`/s,
    );
    return true;
  });
  const wrong = await setting({ token: 'wrong' });
  wrong.hub.token = 'right';
  await assert.rejects(wrong.store.obtain('tiny', wrong.step), /is not allowed to read it/);
  const right = await setting({ token: 'right' });
  right.hub.token = 'right';
  assert.equal((await right.store.obtain('tiny', right.step)).id, 'tiny-model');
});

test('what is not on the hub, and a hub in trouble, are errors of their own', async () => {
  const { hub, store, step } = await setting();
  await assert.rejects(store.obtain('other', step), code('base-model.not-on-hub'));
  hub.status = 503;
  await assert.rejects(
    store.obtain('tiny', step),
    (error) => error instanceof ForgeError && error.code === 'base-model.hub-refused' && error.retryable,
  );
});

test('a list of files with odd paths, no digests or no weights is not followed', async () => {
  const { hub, store, step, home } = await setting();
  const digest = { oid: 'a'.repeat(40), lfs: { oid: 'b'.repeat(64), size: 10 } };
  const bad: readonly unknown[] = [
    [{ type: 'file', path: 'config.json', size: 1, oid: 'a'.repeat(40) }],
    [
      { type: 'file', path: 'config.json', size: 1 },
      { type: 'file', path: 'tokenizer.json', size: 1 },
    ],
    [{ type: 'file', path: '../../escape.safetensors', size: 10, ...digest }],
    [{ type: 'file', path: 'model.safetensors', size: 10, lfs: { oid: '../../x', size: 10 } }],
    { error: 'html page' },
    [{ type: 'file', path: 'model.safetensors', size: 10, oid: 'x', lfs: { oid: 'b'.repeat(64), size: 9e15 } }],
  ];
  for (const tree of bad) {
    hub.tree = tree;
    await assert.rejects(store.obtain('tiny', step), code('base-model.hub-answer-not-usable'));
  }
  await assert.rejects(access(join(home, 'escape.safetensors')));
});

test('an abort ends a transfer and keeps what has arrived', async () => {
  const { hub, store, folder } = await setting();
  hub.breakAfterBytes = 60_000;
  hub.breaks = 1;
  const controller = new AbortController();
  const report = ({ text, fraction }: { text: string; fraction: number | null }) => {
    if (text.includes('model.safetensors') && fraction !== null && fraction < 0.9)
      controller.abort(new Error('stopped by the person'));
  };
  await assert.rejects(store.obtain('tiny', { signal: controller.signal, report }), /stopped by the person/);
  assert.ok((await readFile(join(folder, 'model.safetensors.part'))).length > 0);
});
