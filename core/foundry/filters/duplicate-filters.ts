import type { ViewStep } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { keepBest, type RowMerits } from '../dedupe/clusters.ts';
import { comparedText } from '../dedupe/compared-text.ts';
import { createExactDuplicates, type ExactDuplicates, type TextDigest } from '../dedupe/exact-duplicates.ts';
import { createNearDuplicates } from '../dedupe/near-duplicates.ts';
import { answerTextOf } from '../row-texts.ts';
import { qualityOf } from './measure-quality.ts';
import { dropFor, keep, type RowFilter } from './row-filter.ts';

type StepOf<Kind extends ViewStep['kind']> = Extract<ViewStep, { kind: Kind }>;

/** Keeps the first of rows that are equal once folded (D-9). */
export function exactDuplicatesFilter({ over }: StepOf<'exact-duplicates'>, digest: TextDigest): RowFilter {
  let seen: ExactDuplicates = createExactDuplicates(digest);
  return {
    begin() {
      seen = createExactDuplicates(digest);
    },
    judge: (row) => (seen.add(comparedText(row, over)) < 0 ? keep : dropFor(say('filter.equal'))),
  };
}

/** What the keep rules ask of a row: its length, the quality of its answer (`measure-quality.ts`), when it was captured. */
export function meritsOf(row: CanonicalRow, rule: StepOf<'near-duplicates'>['keep']): RowMerits {
  const length = comparedText(row, 'both').length;
  if (rule === 'highest-score') return { length, score: qualityOf(answerTextOf(row)) };
  const timeMs = Date.parse(row.source.captured_at ?? '');
  return { length, timeMs: Number.isNaN(timeMs) ? undefined : timeMs };
}

/** Of each cluster of near-equal rows keeps the best (D-10). It sees all rows that reach it before it judges one. */
export function nearDuplicatesFilter({ threshold, keep: rule }: StepOf<'near-duplicates'>): RowFilter {
  const near = createNearDuplicates({ threshold });
  const merits: RowMerits[] = [];
  const dropped = new Set<number>();
  let number = 0;
  return {
    begin() {
      number = 0;
    },
    judge() {
      number += 1;
      return dropped.has(number - 1) ? dropFor(say('filter.near')) : keep;
    },
    lookahead: {
      see(row) {
        near.add(comparedText(row, 'both'));
        merits.push(meritsOf(row, rule));
      },
      *settle() {
        yield* near.link();
        for (const cluster of near.clusters()) {
          const best = keepBest(cluster, rule, (row) => merits[row] ?? { length: 0 });
          for (const row of cluster) if (row !== best) dropped.add(row);
        }
      },
    },
  };
}
