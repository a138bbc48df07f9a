import { orderKey } from './text-hash.ts';

export interface RowGroup {
  readonly name: string;
  /** Indexes of its rows. */
  readonly rows: readonly number[];
}

export interface Selection {
  readonly chosen: readonly RowGroup[];
  readonly left: readonly RowGroup[];
}

/** So many groups, in seeded order, compete for the next place. */
const competing = 24;

interface LabelNeeds {
  /** How much farther from its goals the selection would be with these labels; less is better. */
  cost(labels: readonly string[]): number;
  take(labels: readonly string[]): void;
}

function createLabelNeeds(all: readonly string[], share: number): LabelNeeds {
  const goals = new Map<string, number>();
  for (const label of all) goals.set(label, (goals.get(label) ?? 0) + share);
  const have = new Map<string, number>();
  return {
    cost(labels) {
      let cost = 0;
      const added = new Map<string, number>();
      for (const label of labels) {
        const count = (have.get(label) ?? 0) + (added.get(label) ?? 0);
        const goal = goals.get(label) ?? 0;
        cost += (2 * (count - goal) + 1) / (goal + 1);
        added.set(label, (added.get(label) ?? 0) + 1);
      }
      return labels.length === 0 ? 0 : cost / labels.length;
    },
    take(labels) {
      for (const label of labels) have.set(label, (have.get(label) ?? 0) + 1);
    },
  };
}

function smallest(groups: readonly RowGroup[]): RowGroup | undefined {
  return groups.toSorted((a, b) => a.rows.length - b.rows.length)[0];
}

/**
 * Chooses whole groups with about `wantedRows` rows in all (never more, unless every group is larger) in an order that depends on the seed and the
 * groups' names only; among the next ones the group goes first that brings the label shares closest to those of all rows
 * (greedy form of iterative stratification, Sechidis et al. 2011). At least `keepGroups` groups are left over.
 */
export function selectGroups(
  groups: readonly RowGroup[],
  labels: readonly (readonly string[])[],
  wanted: { readonly rows: number; readonly keepGroups: number; readonly seed: number },
): Selection {
  const labelsOf = (group: RowGroup): string[] => group.rows.flatMap((row) => labels[row] ?? []);
  const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const needs = createLabelNeeds(groups.flatMap(labelsOf), wanted.rows / Math.max(1, total));
  const keys = new Map(groups.map((group) => [group, orderKey(group.name, wanted.seed)]));
  const waiting = groups.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
  const chosen: RowGroup[] = [];
  let missing = wanted.rows;
  while (missing > 0 && waiting.length > wanted.keepGroups) {
    const fitting = firstFitting(waiting, missing);
    const best = fitting
      .map((place) => ({ place, cost: needs.cost(labelsOf(waiting[place] ?? { name: '', rows: [] })) }))
      .toSorted((a, b) => a.cost - b.cost)[0];
    const [group] = best === undefined ? [] : waiting.splice(best.place, 1);
    if (group === undefined) break;
    needs.take(labelsOf(group));
    chosen.push(group);
    missing -= group.rows.length;
  }
  const fallback = chosen.length === 0 && waiting.length > wanted.keepGroups ? smallest(waiting) : undefined;
  if (fallback === undefined) return { chosen, left: waiting };
  return { chosen: [fallback], left: waiting.filter((group) => group !== fallback) };
}

function firstFitting(waiting: readonly RowGroup[], maximumRows: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < waiting.length && places.length < competing; place += 1) {
    if ((waiting[place]?.rows.length ?? Infinity) <= maximumRows) places.push(place);
  }
  return places;
}
