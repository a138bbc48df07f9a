import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ForgeError } from '#contract/errors.ts';
import {
  recipePlan,
  type DatasetFacts,
  type MachineFacts,
  type ModelFacts,
  type RecipePlan,
  type RecipeSettings,
  type RecipeWishes,
} from '#contract/recipes.ts';
import { byHand } from './hand-settings.ts';
import { planRecipe } from './plan-recipe.ts';

const model: ModelFacts = {
  parameters: 134_515_008,
  family: 'llama',
  layers: 30,
  hiddenSize: 576,
  vocabularySize: 49_152,
  contextLength: 8192,
  hasChatTemplate: true,
};
const dataset: DatasetFacts = {
  trainRows: 272,
  validationRows: 30,
  tokens: { mean: 155, p50: 154, p95: 161, longest: 170 },
  estimated: true,
  answerShare: 0.14,
};
const laptop: MachineFacts = { device: 'cpu', physicalCores: 2, memoryBytes: 16e9, bf16: true };

function plan(settings: RecipeSettings, rest: { wishes?: RecipeWishes; machine?: MachineFacts } = {}): RecipePlan {
  return planRecipe({ model, dataset, machine: laptop, settings, ...rest });
}

function refusal(settings: RecipeSettings, rest: { wishes?: RecipeWishes; machine?: MachineFacts } = {}) {
  try {
    plan(settings, rest);
  } catch (error) {
    if (error instanceof ForgeError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'none', message: '' };
}

test('every setting can be set by hand, keeps its value and says so', () => {
  const settings = {
    method: 'dora',
    rank: 4,
    alpha: 4,
    dropout: 0.1,
    targetModules: ['q_proj', 'v_proj'],
    learningRate: 3e-4,
    schedule: 'linear',
    warmupFraction: 0.1,
    weightDecay: 0.02,
    gradientClip: 0.5,
    epochs: 2,
    maxMinutes: 7,
    microBatchSize: 3,
    gradientAccumulation: 4,
    maxLength: 256,
    precision: 'fp32',
    packing: 'pack',
    gradientCheckpointing: true,
    evaluateEverySteps: 9,
    earlyStopping: { patience: 5, minimumGain: 0.01 },
    checkpointEverySeconds: 30,
  } as const satisfies RecipeSettings;
  const planned = plan({ ...settings, targetModules: [...settings.targetModules] });
  assert.deepEqual(planned.recipe, { ...settings, keepCheckpoints: 2 });
  const reasons = Object.entries(planned.reasons).filter(([key]) => key !== 'keepCheckpoints');
  assert.deepEqual(new Set(reasons.map(([, reason]) => reason)), new Set([byHand]));
  assert.equal(planned.forecast.stepsPerEpoch, Math.ceil(272 / 12));
});

test('a setting by hand wins over a wish of the same meaning', () => {
  const planned = plan({ learningRate: 5e-4 }, { wishes: { learningRate: 1e-3, rank: 8 } });
  assert.deepEqual([planned.recipe.learningRate, planned.recipe.rank], [5e-4, 8]);
  assert.deepEqual([planned.reasons['learningRate'], planned.reasons['rank']], [byHand, 'You asked for it.']);
});

test('no time limit by hand is no time limit', () => {
  assert.equal(plan({ maxMinutes: null }).recipe.maxMinutes, null);
});

test('one factor of the batch by hand: the other makes the nearest batch of it', () => {
  const { recipe } = plan({ microBatchSize: 3 });
  assert.deepEqual([recipe.microBatchSize, recipe.gradientAccumulation], [3, 3]);
  const other = plan({ gradientAccumulation: 4 }).recipe;
  assert.deepEqual([other.microBatchSize, other.gradientAccumulation], [2, 4]);
});

test('what cannot be is refused with the name of the setting', () => {
  const card: MachineFacts = { device: 'cuda', physicalCores: 8, memoryBytes: 24e9, bf16: false };
  assert.match(refusal({ method: 'full', rank: 8 }).message, /^rank cannot be 8 here: all weights are trained/);
  assert.match(refusal({ dropout: 0.1 }, { wishes: { method: 'full' } }).message, /^dropout cannot be 0\.1 here/);
  assert.match(refusal({ precision: 'fp16' }).message, /^precision cannot be fp16 here: only NVIDIA/);
  assert.match(refusal({ precision: 'bf16' }, { machine: card }).message, /^precision cannot be bf16 here/);
  assert.match(
    refusal({ microBatchSize: 3 }, { wishes: { batchSize: 8 } }).message,
    /^microBatchSize cannot be 3 here/,
  );
  assert.match(
    refusal({ microBatchSize: 3, gradientAccumulation: 2 }, { wishes: { batchSize: 8 } }).message,
    /makes 6 rows a step, and 8 were asked for/,
  );
  assert.equal(refusal({ rank: 300 }).code, 'recipe.out-of-range');
  assert.equal(refusal({ maxLength: 100_000 }).code, 'recipe.too-long');
  assert.equal(refusal({ method: 'full' }, { machine: { ...laptop, device: 'mlx' } }).code, 'recipe.method-not-here');
});

test('too large by hand: the remedy names what was set', () => {
  const settings: RecipeSettings = { microBatchSize: 256, gradientAccumulation: 1, maxLength: 4096 };
  try {
    plan(settings);
    assert.fail('it fits');
  } catch (error) {
    assert.ok(error instanceof ForgeError);
    assert.equal(error.code, 'recipe.does-not-fit');
    assert.match(error.remedy, /Take back microBatchSize and gradientAccumulation/);
  }
});

test('whatever is set by hand, the plan is a valid recipe that holds it, or it is refused', () => {
  const settings = fc.record(
    {
      method: fc.constantFrom('lora', 'qlora', 'dora', 'full'),
      rank: fc.integer({ min: 1, max: 512 }),
      microBatchSize: fc.integer({ min: 1, max: 64 }),
      gradientAccumulation: fc.integer({ min: 1, max: 64 }),
      precision: fc.constantFrom('bf16', 'fp32', 'fp16'),
      gradientCheckpointing: fc.boolean(),
      maxLength: fc.integer({ min: 16, max: 20_000 }),
      epochs: fc.double({ min: 0.1, max: 200, noNaN: true }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(settings, (given) => {
      const asked = given as RecipeSettings;
      if (refusal(asked).code !== 'none') return;
      const planned = plan(asked);
      recipePlan.parse(planned);
      for (const [key, value] of Object.entries(asked))
        assert.deepEqual(planned.recipe[key as keyof RecipeSettings], value);
    }),
    { numRuns: 300 },
  );
});
