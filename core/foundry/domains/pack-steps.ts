import type { ViewStep } from '#contract/dataset-versions.ts';
import type { DomainPack } from '#contract/domain-packs.ts';
import { everyPiiKind } from '../filters/check-filters.ts';

/** The filters a pack sets (D-8), in the order they run: what is cheap and drops most comes first. */
export function stepsOfPack({ data }: DomainPack): ViewStep[] {
  const steps: ViewStep[] = [];
  const { min_response_length: minimum } = data;
  if (minimum > 0) steps.push({ kind: 'length', place: 'answer', unit: 'characters', minimum, maximum: null });
  if (data.require_code_blocks) steps.push({ kind: 'code', wants: 'present' });
  if (data.dedup_by_hash) steps.push({ kind: 'exact-duplicates', over: 'both' });
  // What is found stands with its rows, so that a person can decide about it; a freeze is refused while it is open (D-13).
  if (data.pii_review) steps.push({ kind: 'pii', action: 'review', kinds: [everyPiiKind] });
  return steps;
}
