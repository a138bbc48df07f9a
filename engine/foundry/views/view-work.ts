import { z } from 'zod';
import { versionReference, viewStep } from '#contract/dataset-versions.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { createRowPace } from './row-pace.ts';
import { stepSources } from './script-stage.ts';
import { openPipeline } from './step-pipeline.ts';
import { stepResources } from './step-resources.ts';
import { keepView } from './view-files.ts';

export const viewOrder = z.object({
  version: versionReference,
  steps: z.array(viewStep),
  resources: stepResources,
  scripts: stepSources,
});

/** The rows of a version, to be read as often as steps need. */
export function rowsOf({ store }: WorkContext, version: DatasetVersion): () => AsyncGenerator<readonly CanonicalRow[]> {
  return async function* () {
    for await (const { rows } of store.rows(version)) yield rows;
  };
}

/**
 * Tries steps over a version (D-8): counts and examples, and nothing else changes. After a pause or a kill it starts over: 100,000 rows take some 5 to 10 s, and
 * what filters remember of earlier rows is not written down.
 */
export const viewWork: FoundryWork = async (given, context) => {
  const { version: reference, ...order } = viewOrder.parse(given);
  const version = await context.store.read(reference);
  const pipeline = await openPipeline({ ...order, rows: version.rows }, context);
  const pace = createRowPace(context, version.rows * pipeline.passes, (rows) => `${rows} rows filtered`);
  const outcomes = await pipeline.apply({
    open: rowsOf(context, version),
    pause: (rows) => pace.rowDone(rows) ?? pace.piece(),
  });
  await keepView(context.folders, version, { steps: order.steps, outcomes });
  return { steps: outcomes.map(({ kept, dropped, changed }) => ({ kept, dropped, changed })), seconds: pace.seconds() };
};
