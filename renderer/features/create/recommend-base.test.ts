import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultBaseModel, type BaseModelView } from '#contract/base-models.ts';
import { inOrderOfUse, obstacleOf, recommendBase } from './recommend-base.ts';

const gigabyte = 1e9;

function base(id: string, parameters: number, changes: Partial<BaseModelView> = {}): BaseModelView {
  const bytes = parameters * 4;
  return {
    id,
    name: id,
    state: 'available',
    origin: '',
    files: null,
    isOwn: false,
    facts: {
      parameters,
      family: 'llama',
      layers: 1,
      hiddenSize: 1,
      vocabularySize: 1,
      contextLength: 1,
      hasChatTemplate: true,
    },
    licence: { name: 'Apache-2.0', isOpen: true },
    gated: false,
    sizeBytes: bytes,
    memory: { lora: bytes, qlora: bytes / 2, dora: bytes, full: bytes * 4 },
    bestUse: null,
    aliases: [],
    ...changes,
  };
}

const models = [
  base(defaultBaseModel, 0.135e9),
  base('middle', 3e9),
  base('gated', 8e9, { gated: true }),
  base('huge', 70e9),
];

test('without a graphics card the small one that comes along is recommended, however much memory there is', () => {
  assert.deepEqual(recommendBase(models, { device: 'cpu', memoryBytes: 500 * gigabyte }), {
    id: defaultBaseModel,
    reason: 'trainsHere',
  });
});

test('with one, the largest open model that fits comfortably', () => {
  const on = (memory: number) => recommendBase(models, { device: 'cuda', memoryBytes: memory * gigabyte })?.id;
  assert.equal(on(24), 'middle');
  assert.equal(on(4), defaultBaseModel);
  assert.equal(on(500), 'middle');
});

test('a machine that is not known yet gets the small one; an empty catalogue nothing', () => {
  assert.equal(recommendBase(models, null)?.id, defaultBaseModel);
  assert.equal(recommendBase([], null), null);
});

test('what stands in the way is told: size first, then consent', () => {
  const [, middle, gated] = models as [BaseModelView, BaseModelView, BaseModelView];
  assert.equal(obstacleOf(middle, 5 * gigabyte), 'too-large');
  assert.equal(obstacleOf(gated, 50 * gigabyte), 'gated');
  assert.equal(obstacleOf({ ...gated, state: 'ready' }, 50 * gigabyte), null);
  assert.equal(obstacleOf(middle, null), null);
});

test('the recommended one stands first, what does not fit last', () => {
  const order = inOrderOfUse([...models, base('own', 1e9, { isOwn: true, state: 'ready' })], 'middle', 30 * gigabyte);
  assert.deepEqual(
    order.map(({ id }) => id),
    ['middle', 'own', defaultBaseModel, 'gated', 'huge'],
  );
});
