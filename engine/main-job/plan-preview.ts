import type { MainJobRequest } from '#contract/main-job.ts';
import type { DatasetRow } from '#contract/datasets.ts';
import type { ModelFacts } from '#contract/recipes.ts';
import { readDataset } from '#core/datasets/read-dataset.ts';
import { splitRows } from '#core/datasets/split-rows.ts';
import { describeRows } from '#core/recipes/dataset-facts.ts';
import { describePlan } from '#core/recipes/describe-plan.ts';
import { planRecipe } from '#core/recipes/plan-recipe.ts';
import { openDatasetSource } from '#native-bridge/files/dataset-source.ts';
import { wishesOf } from './plan-inputs.ts';
import type { MachineFinding } from '#contract/hardware.ts';
import { datasetOf } from './shipped-dataset.ts';

export interface PlanPreviewOptions {
  readonly appDirectory: string;
  readonly detectMachine: () => Promise<MachineFinding>;
  /** Facts of a base model without fetching it; the catalogue knows them. */
  readonly modelFacts: (base: string | undefined) => Promise<{ id: string; facts: ModelFacts }>;
}

export interface PlannedRun {
  readonly lines: string[];
  readonly recipe: Record<string, unknown>;
  readonly reasons: Record<string, string>;
}

export type PlanPreview = (request: MainJobRequest) => Promise<PlannedRun>;

/** `--dry-run`: what a main job would do, with nothing written, fetched or installed. */
export function createPlanPreview({ appDirectory, detectMachine, modelFacts }: PlanPreviewOptions): PlanPreview {
  return async (request) => {
    const { file, systemPrompt } = await datasetOf(request, appDirectory);
    const read = await readDataset(await openDatasetSource(file), systemPrompt === undefined ? {} : { systemPrompt });
    const split = splitRows(read.rows, { seed: request.seed ?? 17, heldOutRows: request.heldOutRows });
    const machine = await detectMachine();
    const { id, facts } = await modelFacts(request.base);
    const { device, physicalCores, memoryBytes, bf16 } = machine;
    const plan = planRecipe({
      model: facts,
      dataset: describeRows(split.train satisfies DatasetRow[], split.validation),
      machine: { device, physicalCores, memoryBytes, bf16 },
      wishes: wishesOf(request),
    });
    const { train, validation, heldOut } = split.report;
    const lines = [
      `machine   ${machine.summary}: profile ${machine.profile}, ${machine.reason}`,
      `dataset   ${file}: ${read.report.rows} rows (${read.report.rejected.total} rejected), ${train.rows} to learn from, ${validation.rows} to stop by, ${heldOut.rows} kept aside in ${heldOut.groups} groups`,
      `base      ${id}`,
      ...describePlan(plan, true),
      ...[...read.report.warnings, ...split.report.warnings, ...plan.warnings].map((warning) => `note      ${warning}`),
    ];
    return { lines, recipe: { ...plan.recipe }, reasons: { ...plan.reasons } };
  };
}
