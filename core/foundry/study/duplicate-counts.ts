import type { CanonicalRow } from '#contract/rows.ts';
import type { StudyReport } from '#contract/study.ts';
import { hashText } from '../../datasets/text-hash.ts';
import { comparedText } from '../dedupe/compared-text.ts';
import { createExactDuplicates, foldExactly } from '../dedupe/exact-duplicates.ts';
import { createNearDuplicates } from '../dedupe/near-duplicates.ts';
import { createNumberList } from '../dedupe/number-list.ts';
import { createRowCounter } from './row-links.ts';
import type { StudyParts } from './study-parts.ts';

/** Rows of which every one is compared; beyond that a share of them is. Bounds the memory to some 200 MB and 500 MB. */
const [mostExact, mostNear] = [4_000_000, 200_000];
const threshold = 0.8;

export interface DuplicateCounts {
  add(row: CanonicalRow): void;
  settle(): Generator<number, void, undefined>;
  report(): StudyReport['duplicates'];
  /** Share of the texts that were compared for equality. */
  readonly exactShare: number;
}

/**
 * Equal and near-equal rows of a version of any size. Very large ones are sampled: equal texts by their hash, which leaves copies together, so that the share
 * holds (distinct sampling, Gibbons 2001); near ones every n-th, which finds fewer than there are.
 */
export function createDuplicateCounts(
  rows: number,
  { digest, lists }: Pick<StudyParts, 'digest' | 'lists'>,
): DuplicateCounts {
  const everyText = Math.max(1, Math.ceil(rows / mostExact));
  const everyRow = Math.max(1, Math.ceil(rows / mostNear));
  const exact = createExactDuplicates(digest, (text) => text);
  const near = createNearDuplicates({ threshold });
  const [equal, alike] = [createRowCounter(lists), createRowCounter(lists)];
  const ids: string[] = [];
  const places = createNumberList();
  let seen = 0;
  const shareOf = (count: number, of: number): number => (of === 0 ? 0 : Math.min(1, count / of));
  return {
    exactShare: 1 / everyText,
    add(row) {
      seen += 1;
      const text = comparedText(row, 'both');
      const folded = foldExactly(text);
      if (everyText > 1 && hashText(folded, 0) % everyText !== 0) return;
      if (exact.add(folded) >= 0) {
        equal.add(row.id);
        return;
      }
      if (seen % everyRow !== 0) return;
      near.add(text);
      ids.push(row.id);
      places.push(seen - 1);
    },
    *settle() {
      yield* near.link();
      for (const cluster of near.clusters())
        for (const row of cluster.slice(1)) {
          if (lists !== null) lists.place = places.at(row);
          alike.add(ids[row] ?? '');
        }
    },
    report() {
      const link = equal.link();
      return {
        exact: { ...link, count: link.count * everyText },
        near: alike.link(),
        exactShare: shareOf(equal.count, exact.count),
        nearShare: shareOf(alike.count, near.count),
        threshold,
        comparedShare: 1 / (everyRow * everyText),
      };
    },
  };
}
