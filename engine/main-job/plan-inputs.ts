import path from 'node:path';
import type { DatasetRow } from '#contract/datasets.ts';
import type { DatasetFacts, RecipeWishes } from '#contract/recipes.ts';
import type { MainJobRequest } from '#contract/main-job.ts';
import { describeRows } from '#core/recipes/dataset-facts.ts';
import { readRows } from './row-files.ts';
import type { StepContext } from './step.ts';

/** What the planner needs to know of the rows; lengths are estimated from characters. */
export async function datasetFacts(context: Pick<StepContext, 'output' | 'directory'>): Promise<DatasetFacts> {
  const dataset = context.output('dataset');
  const train: DatasetRow[] = await readRows(path.join(context.directory, dataset.trainPath));
  const validation = await readRows(path.join(context.directory, dataset.validationPath));
  return describeRows(train, validation);
}

/** The person's own settings; everything else is planned. */
export function wishesOf(request: MainJobRequest): RecipeWishes {
  const { method, epochs, batchSize, rank, learningRate, minutes } = request;
  return Object.fromEntries(
    Object.entries({ method, epochs, batchSize, rank, learningRate, minutes }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
