import type { DatasetFacts, MachineFacts, ModelFacts } from '#contract/recipes.ts';
import type { SizeSettings } from './fit-recipe.ts';
import { cpuTimeBudget, trainingSpeed } from './recipe-defaults.ts';

/** Floating-point operations a token and parameter: 2 forward, 2 backward through the layers, 2 more where the weights themselves are trained (Kaplan et al. 2020). */
function operationsPerParameter(settings: SizeSettings): number {
  const plain = settings.method === 'full' ? 6 : 4;
  return settings.gradientCheckpointing ? plain + 2 : plain;
}

/** Seconds of one optimiser step over rows of average length; an estimate until the run has measured three steps. */
export function forecastSecondsPerStep(
  facts: { readonly model: ModelFacts; readonly dataset: DatasetFacts; readonly machine: MachineFacts },
  settings: SizeSettings,
): number {
  const { model, dataset, machine } = facts;
  const speed = trainingSpeed[machine.device];
  const perSecond =
    (settings.precision === 'bf16' ? speed.bf16 : speed.other) * (speed.perCore ? machine.physicalCores : 1);
  const rowTokens = Math.min(dataset.tokens.mean, settings.maxLength);
  const shared = Math.min(dataset.sharedTokens ?? 0, rowTokens);
  const tokens = settings.gradientAccumulation * (shared + settings.microBatchSize * (rowTokens - shared));
  return (tokens * model.parameters * operationsPerParameter(settings)) / perSecond;
}

/** Default time limit on a CPU in minutes, rounded up to halves: grows with the model and the data, shrinks with the cores. */
export function cpuMinutes(model: ModelFacts, dataset: DatasetFacts, machine: MachineFacts): number {
  const { minutes, parameters, cores, tokens, maximumMinutes } = cpuTimeBudget;
  const machineFactor = (model.parameters / parameters) * (cores / machine.physicalCores);
  const dataFactor = Math.max(1, (dataset.trainRows * dataset.tokens.mean) / tokens);
  const halves = Math.ceil(minutes * machineFactor * dataFactor * 2 - 0.05);
  return Math.min(maximumMinutes, Math.max(1, halves / 2));
}
