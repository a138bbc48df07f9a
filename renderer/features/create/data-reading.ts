import type { KnownDataset } from '#contract/dataset-preview.ts';
import type { Reading } from './data-store.ts';
import type { Draft } from './draft-state.ts';

/** How a draft's data are read; null while they are not chosen, or the sample's place is not known yet. */
export function readingOf({ request }: Draft, known: readonly KnownDataset[] | null): Reading | null {
  const { dataset, mapping, systemPrompt, heldOutRows, seed } = request;
  const path = dataset ?? known?.find(({ isDefault }) => isDefault)?.path;
  if (path === undefined) return null;
  return {
    path,
    mapping: mapping ?? null,
    systemPrompt: systemPrompt ?? null,
    heldOutRows: heldOutRows ?? null,
    seed: seed ?? null,
  };
}
