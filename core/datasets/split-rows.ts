import type { DatasetRow, SplitReport } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import { expectedVisibleDifference, minimumClusters } from '../evaluation/statistics.ts';
import { answerLabels } from './answer-labels.ts';
import { countLeaks } from './count-leaks.ts';
import { answerOf } from './row-parts.ts';
import { type RowGroup, selectGroups } from './select-groups.ts';

export interface SplitOptions {
  /** The same seed and rows always give the same parts. */
  readonly seed: number;
  /** Rows to hold out for measuring. Default: a fifth, between 20 and 200, and never more than a third. */
  readonly heldOutRows?: number | undefined;
  /** Sides that were decided before, by group: a frozen split. Held-out rows are its test side; without one, or without validation, they are chosen as usual. */
  readonly sideOf?: ((group: string) => 'train' | 'validation' | 'test') | undefined;
}

export interface SplitResult {
  readonly train: DatasetRow[];
  /** For choices during training (early stopping, best checkpoint). */
  readonly validation: DatasetRow[];
  /** For measuring only: nothing is ever chosen by these rows. */
  readonly heldOut: DatasetRow[];
  readonly report: SplitReport;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

function wantedHeldOut(rows: number, asked: number | undefined): number {
  const largest = Math.floor(rows / 2);
  if (asked === undefined) return Math.max(1, Math.min(clamp(Math.round(rows * 0.2), 20, 200), Math.floor(rows / 3)));
  if (!Number.isInteger(asked) || asked < 1 || asked > largest) {
    throw new ForgeError('dataset.held-out-too-large', { heldOutRows: asked, rows, largest });
  }
  return asked;
}

function wantedValidation(trainingRows: number): number {
  return Math.max(1, Math.min(clamp(Math.round(trainingRows * 0.1), 8, 200), Math.floor(trainingRows / 4)));
}

function groupRows(rows: readonly DatasetRow[]): RowGroup[] {
  const byName = Map.groupBy(rows.keys(), (index) => rows[index]?.group ?? '');
  return [...byName].map(([name, indexes]) => ({ name, rows: indexes }));
}

function rowsIn(groups: readonly RowGroup[]): number {
  return groups.reduce((sum, group) => sum + group.rows.length, 0);
}

/** The groups of a side that was decided before, and the others; null where that side or what is left would be empty. */
function decided(groups: readonly RowGroup[], sideOf: SplitOptions['sideOf'], side: 'validation' | 'test') {
  if (sideOf === undefined) return null;
  const chosen = groups.filter(({ name }) => sideOf(name) === side);
  const left = groups.filter((group) => !chosen.includes(group));
  return chosen.length === 0 || left.length < 2 ? null : { chosen, left };
}

function labelShift(labels: readonly (readonly string[])[], part: readonly number[]): number | null {
  const shareOf = (lists: readonly (readonly string[])[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const label of lists.flat()) counts.set(label, (counts.get(label) ?? 0) + 1 / lists.length);
    return counts;
  };
  const [all, held] = [shareOf(labels), shareOf(part.map((index) => labels[index] ?? []))];
  if (all.size === 0) return null;
  return [...all].reduce((most, [label, share]) => Math.max(most, 100 * Math.abs(share - (held.get(label) ?? 0))), 0);
}

function warningsFor(report: Omit<SplitReport, 'warnings'>): string[] {
  const { heldOut, heldOutWanted, validation, leaks } = report;
  const warnings: string[] = [];
  if (heldOut.groups < minimumClusters) {
    warnings.push(say('dataset.few-groups', { groups: heldOut.groups, minimum: minimumClusters }));
  }
  if (heldOut.rows > heldOutWanted) {
    warnings.push(say('dataset.more-held-out', { rows: heldOut.rows, wanted: heldOutWanted }));
  }
  if (heldOut.rows < heldOutWanted * 0.8) {
    warnings.push(say('dataset.fewer-held-out', { rows: heldOut.rows, wanted: heldOutWanted }));
  }
  if (validation.rows < 8) {
    warnings.push(say('dataset.few-to-choose', { rows: validation.rows }));
  }
  if (leaks.exactPairs + leaks.nearPairs > 0) {
    warnings.push(say('dataset.leaks', { pairs: leaks.exactPairs + leaks.nearPairs }));
  }
  return warnings;
}

/**
 * Divides rows into training, validation and held-out rows. Whole groups only, by seed, with the labels of the answers in about equal
 * shares. Held-out rows are chosen first and are never used for a choice; validation is carved from the training side.
 * Throws ForgeError `dataset.too-few-groups`, `dataset.held-out-too-large`.
 */
export function splitRows(rows: readonly DatasetRow[], options: SplitOptions): SplitResult {
  const groups = groupRows(rows);
  if (groups.length < 3) throw new ForgeError('dataset.too-few-groups', { rows: rows.length, groups: groups.length });
  const labels = answerLabels(rows.map(answerOf));
  const { seed, sideOf } = options;
  const decidedTest = decided(groups, sideOf, 'test');
  const heldOutWanted =
    decidedTest === null ? wantedHeldOut(rows.length, options.heldOutRows) : rowsIn(decidedTest.chosen);
  const held = decidedTest ?? selectGroups(groups, labels, { rows: heldOutWanted, keepGroups: 2, seed });
  const validated =
    decided(held.left, sideOf, 'validation') ??
    selectGroups(held.left, labels, {
      rows: wantedValidation(rowsIn(held.left)),
      keepGroups: 1,
      seed: seed ^ 0x76616c,
    });
  const indexesOf = (part: readonly RowGroup[]): number[] =>
    part.flatMap((group) => group.rows).toSorted((a, b) => a - b);
  const parts = {
    train: indexesOf(validated.left),
    validation: indexesOf(validated.chosen),
    heldOut: indexesOf(held.chosen),
  };
  const take = (indexes: readonly number[]): DatasetRow[] => indexes.flatMap((index) => rows[index] ?? []);
  const counts = {
    seed,
    train: { rows: parts.train.length, groups: validated.left.length },
    validation: { rows: parts.validation.length, groups: validated.chosen.length },
    heldOut: { rows: parts.heldOut.length, groups: held.chosen.length },
    heldOutWanted,
    leaks: countLeaks(rows, parts.heldOut, seed),
    largestLabelShift: labelShift(labels, parts.heldOut),
    expectedVisiblePoints: expectedVisibleDifference(parts.heldOut.length, held.chosen.length),
  };
  return {
    train: take(parts.train),
    validation: take(parts.validation),
    heldOut: take(parts.heldOut),
    report: { ...counts, warnings: warningsFor(counts) },
  };
}
