import { z } from 'zod';
import { versionReference, viewStep } from '#contract/dataset-versions.ts';
import { applySteps, passesOf } from '#core/foundry/filters/apply-steps.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { openFilters } from './filter-parts.ts';
import { createRowPace } from './row-pace.ts';
import { stepResources } from './step-resources.ts';
import { keepView } from './view-files.ts';

export const viewOrder = z.object({
  version: versionReference,
  steps: z.array(viewStep),
  resources: stepResources,
});

/** The rows of a version, to be read as often as steps need. */
export function rowsOf({ store }: WorkContext, version: DatasetVersion): () => AsyncGenerator<readonly CanonicalRow[]> {
  return async function* () {
    for await (const { rows } of store.rows(version)) yield rows;
  };
}

/** Tries steps over a version (D-8): counts and examples, and nothing else changes. After a pause it starts over. */
export const viewWork: FoundryWork = async (given, context) => {
  const { version: reference, steps, resources } = viewOrder.parse(given);
  const version = await context.store.read(reference);
  const filters = await openFilters(steps, resources);
  const pace = createRowPace(context, version.rows * passesOf(filters), (rows) => `${rows} rows filtered`);
  const outcomes = await applySteps(filters, {
    open: rowsOf(context, version),
    pause: (rows) => pace.rowDone(rows) ?? pace.piece(),
  });
  await keepView(context.folders, version, { steps, outcomes });
  return { steps: outcomes.map(({ kept, dropped, changed }) => ({ kept, dropped, changed })), seconds: pace.seconds() };
};
