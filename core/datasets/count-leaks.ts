import type { DatasetRow, SplitReport } from '#contract/datasets.ts';
import { maximumRowsForNearDuplicates } from './assign-groups.ts';
import { findNearPairs, type Pair } from './near-duplicates.ts';
import { foldText, promptTextOf } from './row-parts.ts';
import { orderKey } from './text-hash.ts';

function crossing(pairs: readonly Pair[], side: ReadonlySet<number>): Pair[] {
  return pairs.filter(([first, second]) => side.has(first) !== side.has(second));
}

/** Pairs of equal texts, as a chain through each set of equal ones. */
function equalPairs(texts: readonly string[]): Pair[] {
  const last = new Map<string, number>();
  return texts.flatMap((text, index): Pair[] => {
    const earlier = last.get(text);
    last.set(text, index);
    return earlier === undefined ? [] : [[earlier, index]];
  });
}

/**
 * Counts equal and near-equal prompts with one copy held out and the other not, and the near-equal ones a plain shuffled split of the same
 * size would have. Above 200,000 rows only equal ones are looked for.
 */
export function countLeaks(
  rows: readonly DatasetRow[],
  heldOut: readonly number[],
  seed: number,
): SplitReport['leaks'] {
  const texts = rows.map((row) => foldText(promptTextOf(row)));
  const near = rows.length <= maximumRowsForNearDuplicates ? findNearPairs(texts) : [];
  const different = near.filter(([first, second]) => texts[first] !== texts[second]);
  const keys = rows.map((row) => orderKey(row.id, seed));
  const shuffled = [...rows.keys()].toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  const held = new Set(heldOut);
  const plain = new Set(shuffled.slice(0, heldOut.length));
  const equal = equalPairs(texts);
  return {
    exactPairs: crossing(equal, held).length,
    nearPairs: crossing(different, held).length,
    nearPairsOfPlainShuffle: crossing(different, plain).length + crossing(equal, plain).length,
  };
}
