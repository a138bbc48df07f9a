import type { RecipePlan } from '#contract/recipes.ts';
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
    `Training ${(model.parameters / 1e9).toFixed(1)} billion parameters without a GPU takes about ${Math.ceil(forecast.secondsPerStep)} s a step; a model under 0.5 billion is far quicker.`,
  );
  add(
    dataset.tokens.longest > recipe.maxLength,
    `The longest examples (${dataset.tokens.longest} tokens) are cut to ${recipe.maxLength}; the run says how many.`,
  );
  add(
    recipe.maxMinutes !== null && forecast.stepsAtMost < forecast.stepsPerEpoch,
    `The time allows about ${forecast.stepsAtMost} of the ${forecast.stepsPerEpoch} steps of one pass: some rows will not be seen. Give more minutes to use all.`,
  );
  add(
    recipe.method !== 'full' && recipe.learningRate > 1e-3,
    'A learning rate above 0.001 often makes a run diverge; Forge goes back and lowers it when that happens.',
  );
  add(
    dataset.validationRows < 8,
    `Only ${dataset.validationRows} rows are there to choose the best state by; the choice will be rough.`,
  );
  add(
    dataset.trainRows < 50,
    `Only ${dataset.trainRows} rows to learn from: expect a change of style rather than of knowledge.`,
  );
  add(
    !model.hasChatTemplate,
    'The model brings no chat template, so it was not trained for conversations; answers may ramble.',
  );
  add(
    recipe.method === 'full' && wishes?.method === 'full' && dataset.trainRows < 1000,
    'Training all weights on few rows makes a model forget what it knew; LoRA is gentler.',
  );
  return warnings;
}
