import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ForgeError } from '#contract/errors.ts';
import {
  type DatasetFacts,
  type MachineFacts,
  type ModelFacts,
  recipePlan,
  type RecipePlan,
  type RecipeWishes,
} from '#contract/recipes.ts';
import { describePlan } from './describe-plan.ts';
import { describeRows, estimateTokens } from './dataset-facts.ts';
import { planRecipe } from './plan-recipe.ts';

const smollm: ModelFacts = {
  parameters: 134_515_008,
  family: 'llama',
  layers: 30,
  hiddenSize: 576,
  vocabularySize: 49_152,
  contextLength: 8192,
  hasChatTemplate: true,
};
const middle: ModelFacts = { ...smollm, parameters: 1.24e9, layers: 16, hiddenSize: 2048, vocabularySize: 128_256 };
const large: ModelFacts = { ...smollm, parameters: 7.24e9, layers: 32, hiddenSize: 4096, vocabularySize: 32_000 };
const tickets: DatasetFacts = {
  trainRows: 272,
  validationRows: 30,
  tokens: { mean: 155, p50: 154, p95: 161, longest: 170 },
  estimated: true,
  sharedTokens: 92,
  answerShare: 0.14,
};
const laptop: MachineFacts = { device: 'cpu', physicalCores: 2, memoryBytes: 16e9, bf16: true };
const card: MachineFacts = { device: 'cuda', physicalCores: 8, memoryBytes: 24e9, bf16: true };
const apple: MachineFacts = { device: 'mlx', physicalCores: 8, memoryBytes: 16e9, bf16: true };

interface Changes {
  readonly model?: ModelFacts;
  readonly dataset?: Partial<DatasetFacts>;
  readonly machine?: MachineFacts;
  readonly wishes?: RecipeWishes;
}

function plan({ model = smollm, dataset = {}, machine = laptop, wishes = {} }: Changes = {}): RecipePlan {
  return planRecipe({ model, dataset: { ...tickets, ...dataset }, machine, wishes });
}

function failure(changes: Changes): { code: string; message: string; remedy: string } {
  try {
    plan(changes);
  } catch (error) {
    if (error instanceof ForgeError) return { code: error.code, message: error.message, remedy: error.remedy };
    throw error;
  }
  return { code: 'none', message: '', remedy: '' };
}

test('the shipped demo on two cores gets the measured settings and 2.5 minutes', () => {
  assert.deepEqual(plan().recipe, {
    method: 'lora',
    rank: 16,
    alpha: 32,
    dropout: 0,
    targetModules: 'all-linear',
    learningRate: 1e-3,
    schedule: 'cosine',
    warmupFraction: 0.05,
    weightDecay: 0,
    gradientClip: 1,
    epochs: 5,
    maxMinutes: 2.5,
    microBatchSize: 8,
    gradientAccumulation: 1,
    maxLength: 256,
    precision: 'bf16',
    packing: 'group',
    gradientCheckpointing: false,
    evaluateEverySteps: 20,
    earlyStopping: { patience: 3, minimumGain: 0.001 },
    checkpointEverySeconds: 60,
    keepCheckpoints: 2,
  });
});

test('larger models learn with smaller steps and larger batches', () => {
  const rates = [smollm, middle, large].map((model) => plan({ model, machine: { ...card, memoryBytes: 80e9 } }).recipe);
  assert.deepEqual(
    rates.map((recipe) => recipe.learningRate),
    [1e-3, 2e-4, 2e-4],
  );
  assert.deepEqual(
    rates.map((recipe) => recipe.microBatchSize * recipe.gradientAccumulation),
    [8, 8, 16],
  );
});

test('on a card the batch is divided, then checkpointing is turned on, then the weights go to 4 bits', () => {
  const ladder = [80e9, 24e9, 18e9, 12e9].map((memoryBytes) => {
    const { recipe } = plan({ model: large, machine: { ...card, memoryBytes } });
    return [recipe.method, recipe.microBatchSize < 16, recipe.gradientCheckpointing];
  });
  assert.deepEqual(ladder[0], ['lora', false, false]);
  assert.deepEqual(ladder[1]?.slice(0, 1), ['lora']);
  assert.deepEqual(ladder[3]?.slice(0, 1), ['qlora']);
  assert.ok(ladder[1]?.[1] === true || ladder[1]?.[2] === true);
});

test('a method that was asked for is never changed: it fits or the error says what would', () => {
  const machine = { ...card, memoryBytes: 12e9 };
  assert.deepEqual(failure({ model: large, machine, wishes: { method: 'lora' } }), {
    code: 'recipe.does-not-fit',
    message: `Training this model with lora needs about ${neededOf({ model: large, machine, wishes: { method: 'lora' } })} of memory even at the smallest batch; 12.0 GB are there.`,
    remedy: 'Choose the method qlora, which keeps the weights in 4 bits.',
  });
  assert.match(failure({ model: large, machine, wishes: { method: 'full' } }).remedy, /4 bits/);
  assert.match(failure({ model: middle, machine, wishes: { method: 'full' } }).remedy, /method lora/);
  assert.match(failure({ model: large, machine: laptop, wishes: { method: 'full' } }).remedy, /lora/);
  const small = failure({ model: large, machine: { ...card, memoryBytes: 4e9 } });
  assert.match(small.remedy, /Choose a model of at most \d+\.\d billion parameters/);
});

function neededOf(changes: Changes): string {
  return /about (\S+ GB) of memory/.exec(failure(changes).message)?.[1] ?? 'nothing';
}

test('QLoRA and LoRA run on Apple chips, DoRA and full are refused there by name', () => {
  assert.equal(plan({ machine: apple, wishes: { method: 'qlora' } }).recipe.method, 'qlora');
  assert.equal(plan({ machine: apple }).recipe.maxMinutes, null);
  for (const method of ['dora', 'full'] as const) {
    const { code, remedy } = failure({ machine: apple, wishes: { method } });
    assert.deepEqual([code, remedy], ['recipe.method-not-here', 'Leave the method out, or choose lora or qlora.']);
  }
});

test('DoRA and full are planned only when asked, full with a tenth of the rate', () => {
  assert.equal(plan({ wishes: { method: 'dora' } }).recipe.method, 'dora');
  const { recipe, warnings } = plan({ wishes: { method: 'full' } });
  assert.deepEqual([recipe.method, recipe.learningRate, recipe.weightDecay], ['full', 1e-4, 0.01]);
  assert.match(warnings.join(' '), /forget what it knew/);
});

test('the careful start uses the low rung', () => {
  const { recipe } = plan({ wishes: { careful: true } });
  assert.deepEqual([recipe.rank, recipe.alpha, recipe.learningRate], [4, 8, 1e-5]);
});

test('wishes are kept and marked as asked for', () => {
  const wishes: RecipeWishes = { epochs: 2, batchSize: 6, rank: 8, learningRate: 1e-4, minutes: 0, maxLength: 512 };
  const { recipe, reasons } = plan({ wishes });
  assert.deepEqual(
    [
      recipe.epochs,
      recipe.microBatchSize,
      recipe.rank,
      recipe.alpha,
      recipe.learningRate,
      recipe.maxMinutes,
      recipe.maxLength,
    ],
    [2, 6, 8, 16, 1e-4, null, 512],
  );
  for (const setting of ['epochs', 'microBatchSize', 'rank', 'learningRate', 'maxMinutes', 'maxLength']) {
    assert.equal(reasons[setting], 'You asked for it.', setting);
  }
});

const outOfRange: readonly (readonly [RecipeWishes, RegExp])[] = [
  [{ epochs: 0 }, /^epochs is 0; it must be a number from 0.1 to 100/],
  [{ batchSize: 2.5 }, /^batchSize is 2.5; it must be a whole number from 1 to 256/],
  [{ rank: 0 }, /^rank is 0/],
  [{ rank: 100_000 }, /^rank is 100000/],
  [{ learningRate: 1 }, /^learningRate is 1; it must be a number from 1e-7 to 0.01/],
  [{ learningRate: NaN }, /^learningRate is NaN/],
  [{ minutes: -5 }, /^minutes is -5; .* or 0 for no limit/],
  [{ epochs: Infinity }, /^epochs is Infinity/],
];
for (const [wishes, pattern] of outOfRange) {
  test(`the wish ${Object.entries(wishes).join(' ')} is refused with its range`, () => {
    const { code, message } = failure({ wishes });
    assert.equal(code, 'recipe.out-of-range');
    assert.match(message, pattern);
  });
}

test('a length over the context of the model is refused, longer examples are cut with a warning', () => {
  const short = { ...smollm, contextLength: 512 };
  assert.equal(failure({ model: short, wishes: { maxLength: 1024 } }).code, 'recipe.too-long');
  const { recipe, warnings } = plan({ model: short, dataset: { tokens: { ...tickets.tokens, longest: 3000 } } });
  assert.equal(recipe.maxLength, 512);
  assert.match(warnings.join(' '), /3000 tokens\) are cut to 512/);
});

test('older processors get fp32, older cards fp16', () => {
  assert.equal(plan({ machine: { ...laptop, bf16: false } }).recipe.precision, 'fp32');
  assert.equal(plan({ machine: { ...card, bf16: false } }).recipe.precision, 'fp16');
});

test('the time for a CPU grows with the model and the data and shrinks with the cores', () => {
  const minutes = (changes: Changes): number => plan(changes).recipe.maxMinutes ?? 0;
  assert.ok(minutes({ model: middle }) > 20);
  assert.ok(minutes({ dataset: { trainRows: 1000 } }) > 8);
  assert.equal(minutes({ machine: { ...laptop, physicalCores: 8 } }), 1);
  assert.equal(minutes({ model: large, machine: { ...laptop, memoryBytes: 64e9 } }), 134.5);
  assert.equal(minutes({ model: large, dataset: { trainRows: 5000 }, machine: { ...laptop, memoryBytes: 64e9 } }), 240);
});

test('a model of a billion parameters on a CPU comes with a warning about time', () => {
  assert.match(
    plan({ model: middle }).warnings.join(' '),
    /1\.2 billion parameters without a GPU takes about \d+ s a step/,
  );
  assert.deepEqual(plan().warnings, []);
});

test('a time that does not reach one pass is named', () => {
  assert.match(plan({ wishes: { minutes: 0.3 } }).warnings.join(' '), /about \d+ of the 34 steps of one pass/);
});

test('whatever fits is a valid plan with a reason for each setting, and a valid batch and memory', () => {
  const facts = fc.record({
    model: fc.constantFrom(smollm, middle, large),
    machine: fc.record({
      device: fc.constantFrom('cpu', 'cuda', 'mlx'),
      physicalCores: fc.integer({ min: 1, max: 64 }),
      memoryBytes: fc.double({ min: 1e9, max: 200e9, noNaN: true }),
      bf16: fc.boolean(),
    }),
    dataset: fc.record({
      trainRows: fc.integer({ min: 4, max: 200_000 }),
      validationRows: fc.integer({ min: 0, max: 200 }),
    }),
    wishes: fc.record(
      {
        batchSize: fc.integer({ min: 1, max: 64 }),
        rank: fc.integer({ min: 1, max: 128 }),
        minutes: fc.integer({ min: 0, max: 60 }),
      },
      { requiredKeys: [] },
    ),
  });
  fc.assert(
    fc.property(facts, (changes) => {
      let made: RecipePlan;
      try {
        made = plan(changes);
      } catch (error) {
        assert.ok(error instanceof ForgeError && error.code === 'recipe.does-not-fit');
        assert.doesNotMatch(error.message + error.remedy, /\{|NaN|undefined|\.\./);
        return;
      }
      assert.deepEqual(recipePlan.parse(made), made);
      assert.deepEqual(Object.keys(made.reasons).toSorted(), Object.keys(made.recipe).toSorted());
      assert.ok(made.forecast.memory.totalBytes <= changes.machine.memoryBytes);
      const { microBatchSize, gradientAccumulation } = made.recipe;
      if (changes.wishes.batchSize !== undefined)
        assert.equal(microBatchSize * gradientAccumulation, changes.wishes.batchSize);
      assert.ok(made.recipe.evaluateEverySteps <= Math.max(made.forecast.stepsPerEpoch, 1));
    }),
    { numRuns: 300 },
  );
});

test('the plan reads as a few lines, with every setting and its reason on request', () => {
  assert.deepEqual(describePlan(plan()), [
    'method    LoRA (a small addition to the model is trained), rank 16, 4.9 M numbers trained',
    'steps     at most 168 (34 a pass, 5 passes, at most 2.5 min), 8 rows a step',
    "time      about 2.5 min on this machine's cpu, less when it stops early",
    'memory    about 2.6 GB of 16.0 GB',
  ]);
  const details = describePlan(plan(), true);
  assert.equal(details.length, 4 + 1 + 22);
  assert.ok(details.some((line) => /^learningRate +0\.001 +Learns quickly/.test(line)));
});

test('lengths come from the rows: template tokens included, answers counted apart, a real tokenizer when there is one', () => {
  const row = (question: string, answer: string) => ({
    id: answer,
    kind: 'sft' as const,
    group: answer,
    messages: [
      { role: 'user' as const, content: question },
      { role: 'assistant' as const, content: answer },
    ],
  });
  const rows = [row('aaaa', 'bb'), row('aaaaaaaa', 'bbbb')];
  assert.deepEqual(
    describeRows(rows, rows, (text) => text.length),
    {
      trainRows: 2,
      validationRows: 2,
      tokens: { mean: 19, p50: 16, p95: 22, longest: 22 },
      estimated: false,
      sharedTokens: 0,
      answerShare: (3 + 5) / 38,
    },
  );
  assert.equal(describeRows(rows, []).estimated, true);
  assert.ok(estimateTokens('日本語のテキストです') >= 8 && estimateTokens('The router is broken again') <= 9);
});

test('a system message that all rows share is counted once a batch, in the facts and in the time', () => {
  const row = (system: string, name: string) => ({
    id: name,
    kind: 'sft' as const,
    group: name,
    messages: [
      { role: 'system' as const, content: system },
      { role: 'user' as const, content: name },
      { role: 'assistant' as const, content: name },
    ],
  });
  const count = (text: string): number => text.length;
  assert.equal(describeRows([row('same', 'a'), row('same', 'b')], [], count).sharedTokens, 4 + 5);
  assert.equal(describeRows([row('one', 'a'), row('two', 'b')], [], count).sharedTokens, 0);
  const seconds = (sharedTokens: number): number => plan({ dataset: { sharedTokens } }).forecast.secondsPerStep;
  assert.ok(Math.abs(seconds(92) - 0.89) < 0.02, `the measured step took 0.97 s, the forecast is ${seconds(92)}`);
  assert.ok(seconds(0) > seconds(92) * 1.5);
});
