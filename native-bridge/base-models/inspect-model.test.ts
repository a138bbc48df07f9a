import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { safetensors, writeFolderBase } from '../../tests/bad-input/base-files.ts';
import { ggufFile, smallLlama } from '../../tests/fixtures/gguf-file.ts';
import { inspectModel } from './inspect-model.ts';

const folder = await mkdtemp(join(tmpdir(), 'forge-inspect-model-'));
after(() => rm(folder, { recursive: true }));

const sound = {
  model_type: 'llama',
  num_hidden_layers: 2,
  hidden_size: 64,
  vocab_size: 100,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 128,
};
let made = 0;
const inspectConfig = (config: string) => {
  made += 1;
  return inspectModel(writeFolderBase(join(folder, `base-${made}`), { config, weights: safetensors() }));
};
const refusedWith = (says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ForgeError, String(error));
  assert.equal(error.code, 'base-model.not-a-model');
  assert.match(error.message, says);
  return true;
};

test('a config.json with the sizes of a model is read', async () => {
  const { facts } = await inspectConfig(JSON.stringify(sound));
  assert.deepEqual([facts?.layers, facts?.hiddenSize, facts?.vocabularySize, facts?.contextLength], [2, 64, 100, 128]);
});

const absurd: readonly (readonly [change: Record<string, unknown>, says: RegExp])[] = [
  [{ vocab_size: 10 ** 12 }, /vocab_size is 1000000000000/],
  [{ vocab_size: 0 }, /vocab_size is 0/],
  [{ hidden_size: 10 ** 9 }, /hidden_size is 1000000000/],
  [{ hidden_size: 64.5 }, /hidden_size is 64\.5/],
  [{ num_hidden_layers: 10 ** 6 }, /num_hidden_layers is 1000000/],
  [{ num_hidden_layers: '2' }, /num_hidden_layers is "2"/],
  [{ num_attention_heads: -8 }, /num_attention_heads is -8/],
  [{ num_attention_heads: 4, num_key_value_heads: 3 }, /num_key_value_heads is 3/],
  [{ intermediate_size: 10 ** 15 }, /intermediate_size is 1000000000000000/],
  [{ head_dim: -1 }, /head_dim is -1/],
  [{ max_position_embeddings: 1e300 }, /max_position_embeddings is 1e\+300/],
  [{ vocab_size: undefined }, /vocab_size is missing/],
];
for (const [change, says] of absurd)
  test(`a config.json with ${JSON.stringify(change)} is refused with that key`, async () => {
    await assert.rejects(inspectConfig(JSON.stringify({ ...sound, ...change })), refusedWith(says));
  });

test('NaN and things that are no object are refused', async () => {
  const withNan = JSON.stringify(sound).replace('"hidden_size":64', '"hidden_size":NaN');
  for (const config of [withNan, '[]', 'null', '7', '{"model_type":']) {
    await assert.rejects(inspectConfig(config), refusedWith(/config\.json cannot be read or lacks the shape/));
  }
});

test('a GGUF header with the sizes of no model is refused with that key', async () => {
  const file = join(folder, 'layers.gguf');
  const rest = smallLlama.filter(([key]) => key !== 'llama.block_count');
  await writeFile(file, ggufFile({ entries: [...rest, ['llama.block_count', 10 ** 6]] }));
  await assert.rejects(inspectModel(file), refusedWith(/llama\.block_count is 1000000 \(1 to 1024\)/));
});
