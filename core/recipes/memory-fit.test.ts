import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trainMethods } from '#contract/recipes.ts';
import { adapterParameters, forecastMemory, type MemoryQuestion } from './memory-fit.ts';

const smollm = { parameters: 134_515_008, layers: 30, hiddenSize: 576, vocabularySize: 49_152 };
const mistral = { parameters: 7_241_732_096, layers: 32, hiddenSize: 4096, vocabularySize: 32_000 };

function question(changes: Partial<MemoryQuestion['recipe']> = {}): MemoryQuestion {
  const recipe = {
    method: 'lora',
    rank: 16,
    microBatchSize: 4,
    maxLength: 256,
    precision: 'bf16',
    gradientCheckpointing: false,
  } as const;
  return { model: smollm, device: 'cpu', answerShare: 0.2, recipe: { ...recipe, ...changes } };
}

test('the adapter of SmolLM2-135M at rank 16 has the measured 19.6 MB in fp32', () => {
  assert.equal(
    (adapterParameters(smollm, 16) * 4) / 1e6 >= 19.4 && (adapterParameters(smollm, 16) * 4) / 1e6 <= 19.7,
    true,
  );
});

test('the adapter of a 7 B model at rank 16 is within 2 % of the 41.9 M parameters its layers give', () => {
  const layer = 4096 * 2 + (4096 + 1024) * 2 + 4096 * 2 + (4096 + 14_336) * 3;
  const exact = 32 * 16 * layer;
  assert.ok(Math.abs(adapterParameters(mistral, 16) / exact - 1) < 0.02);
});

test('4-bit weights of a 7 B model take about a quarter, all weights trained eight times the plain ones', () => {
  const plain = forecastMemory({ ...question(), model: mistral });
  const fourBit = forecastMemory({ ...question({ method: 'qlora' }), model: mistral });
  const full = forecastMemory({ ...question({ method: 'full' }), model: mistral });
  assert.ok(plain.weightsBytes === mistral.parameters * 2);
  assert.ok(fourBit.weightsBytes / plain.weightsBytes > 0.25 && fourBit.weightsBytes / plain.weightsBytes < 0.3);
  assert.equal(full.gradientBytes + full.optimiserBytes + full.adapterBytes, mistral.parameters * 16);
});

const anyRecipe = fc.record({
  method: fc.constantFrom(...trainMethods),
  rank: fc.integer({ min: 1, max: 128 }),
  microBatchSize: fc.integer({ min: 1, max: 32 }),
  maxLength: fc.integer({ min: 32, max: 8192 }),
  precision: fc.constantFrom('bf16', 'fp32'),
  gradientCheckpointing: fc.boolean(),
});

test('more rows, longer rows and a higher rank never need less memory, and the parts add up', () => {
  fc.assert(
    fc.property(anyRecipe, fc.constantFrom(smollm, mistral), fc.integer({ min: 1, max: 64 }), (recipe, model, more) => {
      const total = (changes: Partial<MemoryQuestion['recipe']>): number =>
        forecastMemory({ model, device: 'cuda', answerShare: 0.3, recipe: { ...recipe, ...changes } }).totalBytes;
      const base = forecastMemory({ model, device: 'cuda', answerShare: 0.3, recipe });
      const { totalBytes, ...parts } = base;
      assert.ok(Math.abs(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) - totalBytes) < 1);
      assert.ok(total({ microBatchSize: recipe.microBatchSize + more }) > totalBytes);
      assert.ok(total({ maxLength: recipe.maxLength + more }) > totalBytes);
      assert.ok(total({ rank: recipe.rank + more }) >= totalBytes);
      assert.ok(total({ gradientCheckpointing: true }) <= total({ gradientCheckpointing: false }));
    }),
  );
});
