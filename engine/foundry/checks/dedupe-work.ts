import { keepBest, type RowMerits } from '#core/foundry/dedupe/clusters.ts';
import { comparedText } from '#core/foundry/dedupe/compared-text.ts';
import { createExactDuplicates, foldExactly } from '#core/foundry/dedupe/exact-duplicates.ts';
import { createNearDuplicates } from '#core/foundry/dedupe/near-duplicates.ts';
import { meritsOf } from '#core/foundry/filters/duplicate-filters.ts';
import { digestText } from '../views/filter-parts.ts';
import { checkWork, type Checking } from './check-order.ts';

/** Rows that are not equal to an earlier one, by their number among the near comparison. */
interface Originals {
  readonly ids: string[];
  readonly merits: RowMerits[];
}

/** Equal rows at once, near ones after all were seen (D-9, D-10). */
async function findDuplicates(checking: Checking<'dedupe'>): Promise<object> {
  const { request, version, context, concerned, pace } = checking;
  // Whole rows come folded already.
  const exact = createExactDuplicates(digestText, request.over === 'both' ? (text) => text : foldExactly);
  const near = request.threshold === null ? null : createNearDuplicates({ threshold: request.threshold });
  const [ids, copied]: [string[], Set<number>] = [[], new Set()];
  const originals: Originals = { ids: [], merits: [] };
  let [count, equal] = [0, 0];
  for await (const { rows } of context.store.rows(version)) {
    for (const row of rows) {
      const text = comparedText(row, request.over);
      const first = exact.add(text);
      ids.push(row.id);
      if (first >= 0) {
        equal += 1;
        copied.add(first);
        concerned.add({ id: row.id, kind: 'exact', keeps: ids[first] });
      } else if (near !== null) {
        near.add(text);
        originals.ids.push(row.id);
        originals.merits.push(meritsOf(row, request.keep));
      }
      count += 1;
      const pausing = pace.rowDone(count);
      if (pausing !== undefined) await pausing;
    }
  }
  let [alike, clusters] = [0, 0];
  if (near !== null) {
    for (const _ of near.link()) await pace.piece();
    for (const cluster of near.clusters()) {
      clusters += 1;
      const best = keepBest(cluster, request.keep, (row) => originals.merits[row] ?? { length: 0 });
      for (const row of cluster) {
        if (row === best) continue;
        alike += 1;
        concerned.add({ id: originals.ids[row] ?? '', kind: 'near', keeps: originals.ids[best] });
      }
    }
  }
  return {
    ...{ over: request.over, threshold: request.threshold, exact: equal, exactClusters: copied.size },
    ...{ near: alike, nearClusters: clusters, kept: count - equal - alike, peakBytes: process.memoryUsage.rss() },
  };
}

export const dedupeWork = checkWork('dedupe', findDuplicates);
