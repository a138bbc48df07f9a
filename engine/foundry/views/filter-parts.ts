import { hash } from 'node:crypto';
import { createContaminationIndex } from '#core/foundry/contamination/find-contamination.ts';
import type { TextDigest } from '#core/foundry/dedupe/exact-duplicates.ts';
import type { FilterStep } from '#core/foundry/filters/apply-steps.ts';
import { createRowFilter, type FilterViewStep } from '#core/foundry/filters/create-row-filter.ts';
import { loadTasks } from './load-tasks.ts';
import { parseCode } from './parse-code.ts';
import type { StepResources } from './step-resources.ts';

export const digestText: TextDigest = (text) => hash('sha256', text, 'buffer');

/** The filters of steps. Tasks are only read where a step compares with them. @throws ForgeError foundry.bad-pattern */
export async function openFilters(
  steps: readonly FilterViewStep[],
  { detectors, taskFiles }: StepResources,
): Promise<FilterStep[]> {
  const isCompared = steps.some(({ kind }) => kind === 'contamination');
  const index = isCompared ? createContaminationIndex(await loadTasks(taskFiles)) : createContaminationIndex([]);
  const parts = { parseCode, digest: digestText, detectors, contamination: () => index };
  return steps.map((step) => ({ step, filter: createRowFilter(step, parts) }));
}
