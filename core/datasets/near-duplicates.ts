import { createNearDuplicates } from '../foundry/dedupe/near-duplicates.ts';

/** Texts with at least this share of common shingles count as near-equal. */
const minimumSimilarity = 0.6;

export type Pair = readonly [first: number, second: number];

/**
 * Pairs [earlier, later] of near-equal prompts: a chain or tree through each cluster, not all pairs in it. Shingles are 5 characters long, so that short
 * questions, languages without spaces and typing errors are served alike.
 */
export function findNearPairs(texts: readonly string[]): Pair[] {
  const near = createNearDuplicates({ unit: 'characters', threshold: minimumSimilarity });
  for (const text of texts) near.add(text);
  // At most some hundred thousand short texts: nobody waits between the steps.
  Array.from(near.link());
  return Array.from(near.pairs(), ({ first, second }): Pair => [first, second]);
}
