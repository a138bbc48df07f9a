import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatasetFacts, MachineFacts, ModelFacts } from '#contract/recipes.ts';
import { planRecipe } from '../recipes/plan-recipe.ts';
import { forecastChain, type ChainQuestion } from './forecast-chain.ts';

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
  sharedTokens: 92,
  answerShare: 0.14,
};
const machine: MachineFacts = { device: 'cpu', physicalCores: 2, memoryBytes: 16e9, bf16: true };
const measuredRun: ChainQuestion = {
  plan: planRecipe({ model, dataset, machine }),
  model,
  physicalCores: 2,
  heldOutRows: 83,
  rowTokens: 155,
  exports: true,
  isTypeNamed: false,
  downloadBytes: 0,
  installedBytes: 0,
  isBasePrepared: false,
};

test('the measured run is forecast as it was: 335 s beside the installation', () => {
  const { trainSeconds, totalSeconds } = forecastChain(measuredRun);
  assert.ok(trainSeconds <= 150 && trainSeconds > 100, `${trainSeconds}`);
  assert.ok(Math.abs(totalSeconds - trainSeconds - 184.8) < 0.1, `${totalSeconds - trainSeconds}`);
});

test('what is fetched, a larger model, more rows and fewer cores make it longer; no export makes it shorter', () => {
  const { totalSeconds, diskBytes } = forecastChain(measuredRun);
  const of = (changes: Partial<ChainQuestion>) => forecastChain({ ...measuredRun, ...changes });
  assert.equal(Math.round(of({ downloadBytes: 100e6 }).totalSeconds - totalSeconds), 20);
  assert.ok(of({ model: { ...model, parameters: 1.7e9 } }).totalSeconds > 5 * totalSeconds);
  assert.ok(of({ heldOutRows: 800 }).totalSeconds > totalSeconds + 400);
  assert.ok(of({ physicalCores: 16 }).totalSeconds < totalSeconds);
  assert.ok(of({ exports: false }).totalSeconds < totalSeconds);
  assert.ok(of({ exports: false }).diskBytes < diskBytes);
  assert.ok(of({ isBasePrepared: true }).diskBytes < diskBytes);
});
