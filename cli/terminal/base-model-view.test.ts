import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BaseModelView } from '#contract/base-models.ts';
import { baseModelLines, baseModelTable } from './base-model-view.ts';
import { palette } from './colour.ts';
import { glyphs } from './glyphs.ts';

const style = { width: 120, palette: palette('none'), glyphs: glyphs(true) };
const facts = {
  parameters: 134_500_000,
  family: 'llama',
  layers: 30,
  hiddenSize: 576,
  vocabularySize: 49_152,
  contextLength: 8192,
  hasChatTemplate: true,
};
const smol: BaseModelView = {
  id: 'smollm2-135m-instruct',
  name: 'SmolLM2 135M Instruct',
  state: 'ready',
  origin: 'fetched (a Python package)',
  files: { kind: 'gguf', path: '/models/smollm.gguf' },
  isOwn: false,
  facts,
  licence: { name: 'Apache-2.0', isOpen: true },
  gated: false,
  sizeBytes: 98_000_000,
  memory: { lora: 2_460_000_000, qlora: 1_900_000_000, dora: 2_600_000_000, full: 3_100_000_000 },
  bestUse: 'Quick trials without a graphics card.',
  aliases: ['smollm'],
};
const bare: BaseModelView = {
  ...smol,
  id: 'mine',
  state: 'unknown',
  facts: null,
  licence: null,
  sizeBytes: null,
  memory: null,
  isOwn: true,
  origin: 'a folder on this disk',
};

test('the list shows what a choice depends on; what is not known stays empty', () => {
  assert.deepEqual(
    baseModelTable(
      [smol, { ...smol, id: 'llama-3.1-8b', state: 'available', facts: { ...facts, parameters: 8_030_000_000 } }, bare],
      style,
    ),
    [
      'base                    size   file  LoRA needs  licence     where',
      'smollm2-135m-instruct  135 M  98 MB      2.5 GB  Apache-2.0  here: fetched (a Python package)',
      'llama-3.1-8b           8.0 B  98 MB      2.5 GB  Apache-2.0  fetched (a Python package)',
      'mine                                                         a folder on this disk',
    ],
  );
});

test('one base model in full has no empty lines for what is not known', () => {
  const lines = baseModelLines({ ...bare, files: null, bestUse: null, aliases: [] }, style);
  assert.deepEqual(lines, [
    'base   mine',
    'name   SmolLM2 135M Instruct',
    'state  unknown',
    'where  a folder on this disk',
  ]);
  assert.match(
    baseModelLines(smol, style).join('\n'),
    /training needs {2}LoRA 2\.5 GB, QLoRA 1\.9 GB, DoRA 2\.6 GB, full 3\.1 GB/,
  );
});
