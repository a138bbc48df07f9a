import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogueFile } from '#contract/base-models.ts';
import { findEntry, nearestIds } from '#core/base-models/find-entry.ts';
import { memoryByMethod } from '#core/base-models/memory-by-method.ts';
import { findFamily, supportedFamilies } from '#core/base-models/supported-families.ts';
import { lockedVersion, parseLock } from '#core/environments/lock-file.ts';

const root = join(import.meta.dirname, '..', '..');
const catalogue = catalogueFile.parse(JSON.parse(readFileSync(join(root, 'resources', 'catalogue.json'), 'utf8')));
const idOf = (name: string): string | undefined => findEntry(catalogue, name)?.id;

test('the short names of the command line mean the model they promise', () => {
  assert.deepEqual(['smollm', 'tinyllama', 'llama', 'qwen', 'phi', 'gemma', 'mistral'].map(idOf), [
    'smollm2-135m-instruct',
    'tinyllama-1.1b-chat',
    'llama-3.2-3b-instruct',
    'qwen3-1.7b',
    'phi-3.5-mini-instruct',
    'gemma-2-2b-it',
    'mistral-7b-instruct-v0.3',
  ]);
  assert.deepEqual(['Qwen/Qwen3-4B', 'QWEN3-4B', 'llama3.1:8b', 'nothing'].map(idOf), [
    'qwen3-4b',
    'qwen3-4b',
    'llama-3.1-8b-instruct',
    undefined,
  ]);
});

test('every model is of a family that Forge trains and exports, and its figures fit together', () => {
  for (const { id, facts, sizeBytes, licence, gated, sources } of catalogue.models) {
    assert.equal(findFamily(facts.family), facts.family, id);
    const bytesPerParameter = sizeBytes / facts.parameters;
    // Two bytes a parameter; the small Qwen3 files carry the shared embedding twice.
    assert.ok(bytesPerParameter > 1.95 && bytesPerParameter < 2.6, `${id}: ${bytesPerParameter} bytes a parameter`);
    const embeddings = facts.vocabularySize * facts.hiddenSize;
    const perLayer = (facts.parameters - embeddings) / facts.layers / facts.hiddenSize ** 2;
    // Attention and feed-forward of these families hold 8 to 21 squares of the hidden size a layer, an untied head included.
    assert.ok(perLayer > 8 && perLayer < 21, `${id}: ${perLayer} squares a layer`);
    assert.ok(licence.isOpen || licence.note !== undefined, `${id}: a licence with conditions says which`);
    assert.ok(!gated || sources.some(({ kind }) => kind === 'ollama'), id);
  }
});

test('the supported families are those of the exporter', () => {
  const python = readFileSync(join(root, 'python-env', 'forge_worker', 'export', 'families.py'), 'utf8');
  const table = [...python.matchAll(/^ {4}Family\(\s*"(\w+)", "([^"]+)"/gm)].map(([, family, label]) => ({
    family,
    label,
  }));
  assert.ok(table.length >= 7, 'the table was found');
  assert.deepEqual(supportedFamilies(), table);
});

test('the package of the embedded default is locked by digest', () => {
  const wheel = findEntry(catalogue, catalogue.default)?.sources.find(({ kind }) => kind === 'wheel');
  assert.ok(wheel?.kind === 'wheel');
  const packages = parseLock(readFileSync(join(root, 'python-env', 'locks', `${wheel.lock}.txt`), 'utf8'));
  const [name = '', version] = wheel.package.split(' ');
  assert.deepEqual([packages.length, lockedVersion(packages, name)], [1, version]);
});

test('memory needs are calculated: full training takes most, four bits least, and larger models more', () => {
  const small = findEntry(catalogue, 'smollm')?.facts;
  const large = findEntry(catalogue, 'llama-3.1-8b')?.facts;
  assert.ok(small && large);
  for (const facts of [small, large]) {
    const { lora, qlora, dora, full } = memoryByMethod(facts, 'cuda');
    assert.ok(qlora < lora && lora === dora && lora < full);
  }
  const gigabytes = (bytes: number): number => Math.round(bytes / 1e9);
  const { lora, qlora, full } = memoryByMethod(large, 'cuda');
  assert.deepEqual([gigabytes(lora), gigabytes(qlora), gigabytes(full) > 100], [20, 8, true]);
  assert.ok(memoryByMethod(small, 'cpu').lora < 2.5e9, 'measured on the processor: 2.5 GB at four rows');
});

test('the nearest ids to a misspelt one come first', () => {
  const ids = catalogue.models.map(({ id }) => id);
  assert.deepEqual(
    ['smollm2-135', 'lama-3.2-1b', 'qwen coder 7b', 'gema-2-9b'].map((text) => nearestIds(ids, text)[0]),
    ['smollm2-135m-instruct', 'llama-3.2-1b-instruct', 'qwen2.5-coder-7b-instruct', 'gemma-2-9b-it'],
  );
});

test('the locks name no package index and pin every package by digest', () => {
  for (const profile of ['cpu', 'cuda', 'mlx', 'dev', 'uv']) {
    const text = readFileSync(join(root, 'python-env', 'locks', `${profile}.txt`), 'utf8');
    assert.doesNotMatch(text, /https?:|--index|--find-links/);
    assert.ok(parseLock(text).length >= 1);
  }
});

test('the processor profiles leave out what only a graphics card needs', () => {
  for (const profile of ['cpu', 'dev']) {
    const names = parseLock(readFileSync(join(root, 'python-env', 'locks', `${profile}.txt`), 'utf8')).map(
      ({ name }) => name,
    );
    assert.deepEqual(
      names.filter((name) => ['triton', 'cuda-bindings', 'nvidia-cusolver', 'nvidia-nvtx'].includes(name)),
      [],
    );
  }
});
