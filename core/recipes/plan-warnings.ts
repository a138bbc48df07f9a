import type { RecipePlan } from '#contract/recipes.ts';
import { say } from '#contract/sentences.ts';
import type { PlanInput } from './plan-recipe.ts';
import { slowOnCpuParameters } from './recipe-defaults.ts';

/** Sentences a person should read before starting. */
export function planWarnings(plan: Omit<RecipePlan, 'warnings'>, input: PlanInput): string[] {
  const { recipe, forecast } = plan;
  const { model, dataset, machine, wishes } = input;
  const warnings: string[] = [];
  const add = (condition: boolean, sentence: string): void => {
    if (condition) warnings.push(sentence);
  };
  add(
    machine.device === 'cpu' && model.parameters >= slowOnCpuParameters,
    say('plan.slow-cpu', {
      billions: (model.parameters / 1e9).toFixed(1),
      seconds: Math.ceil(forecast.secondsPerStep),
    }),
  );
  add(
    dataset.tokens.longest > recipe.maxLength,
    say('plan.rows-cut', { tokens: dataset.tokens.longest, limit: recipe.maxLength }),
  );
  add(
    recipe.maxMinutes !== null && forecast.stepsAtMost < forecast.stepsPerEpoch,
    say('plan.time-short', { steps: forecast.stepsAtMost, pass: forecast.stepsPerEpoch }),
  );
  add(recipe.method !== 'full' && recipe.learningRate > 1e-3, say('plan.rate-high'));
  add(dataset.validationRows < 8, say('plan.few-validation', { rows: dataset.validationRows }));
  add(dataset.trainRows < 50, say('plan.few-rows', { rows: dataset.trainRows }));
  add(!model.hasChatTemplate, say('plan.no-template'));
  add(recipe.method === 'full' && wishes?.method === 'full' && dataset.trainRows < 1000, say('plan.full-few-rows'));
  return warnings;
}
