import { planRecipe } from '#core/recipes/plan-recipe.ts';
import { describePlan } from '#core/recipes/describe-plan.ts';
import { datasetFacts, wishesOf } from '../plan-inputs.ts';
import type { StepDefinition } from '../step.ts';

/** Chooses every training setting, each with its reason. */
export const planStep: StepDefinition<'plan'> = {
  step: 'plan',
  title: 'planning the training',
  inputs: ({ build, output }) => {
    const { device, physicalCores, bf16 } = output('machine');
    // Free memory changes by the minute and only moves the plan when it is scarce: it is rounded to whole 2 GiB.
    const memoryClass = Math.floor(output('machine').memoryBytes / 2 ** 31);
    return {
      wishes: wishesOf(build.request),
      // Left out where nothing is set by hand, so that plans of earlier versions stay valid.
      ...(build.request.settings === undefined ? {} : { settings: build.request.settings }),
      machine: { device, physicalCores, bf16, memoryClass: Math.min(memoryClass, 4) },
      model: output('base').facts,
      dataset: output('dataset').digest,
    };
  },
  async run(context) {
    const { device, physicalCores, memoryBytes, bf16 } = context.output('machine');
    const plan = planRecipe({
      model: context.output('base').facts,
      dataset: await datasetFacts(context),
      machine: { device, physicalCores, memoryBytes, bf16 },
      wishes: wishesOf(context.build.request),
      settings: context.build.request.settings ?? {},
    });
    for (const warning of plan.warnings) context.note(warning);
    const { recipe, forecast } = plan;
    const batch = recipe.microBatchSize * recipe.gradientAccumulation;
    return {
      output: { plan, lines: describePlan(plan) },
      artefacts: [],
      text: `${recipe.method}, rank ${recipe.rank}, learning rate ${recipe.learningRate}, ${batch} rows a step; about ${(forecast.memory.totalBytes / 1e9).toFixed(1)} GB, at most ${Math.ceil(forecast.secondsAtMost / 60)} min`,
    };
  },
};
