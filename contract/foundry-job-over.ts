import type { FoundryJob } from './dataset-versions.ts';

/** It will not change any more. In a file of its own: a page that asks needs none of the schemas. */
export function isOver({ state }: Pick<FoundryJob, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
