/** The sets of a union-find with two members and more, each ascending, by their first member. Roots must be first members. */
export function* collectClusters(
  count: number,
  root: (index: number) => number,
): Generator<readonly number[], void, undefined> {
  const sizes = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) {
    const first = root(index);
    sizes[first] = (sizes[first] ?? 0) + 1;
  }
  const later = new Map<number, number[]>();
  for (let index = 0; index < count; index += 1) {
    const first = root(index);
    if (first === index || (sizes[first] ?? 0) < 2) continue;
    const members = later.get(first);
    if (members === undefined) later.set(first, [first, index]);
    else members.push(index);
  }
  for (const first of [...later.keys()].toSorted((one, other) => one - other)) yield later.get(first) ?? [];
}

/** Which row of a cluster stays: the one with the longest text, the highest score, or the newest. */
export const keepRules = ['longest', 'highest-score', 'newest'] as const;
export type KeepRule = (typeof keepRules)[number];

/** What the keep rules ask of a row. A row without score or time loses against every row that has one. */
export interface RowMerits {
  /** UTF-16 units of its compared text. */
  readonly length: number;
  readonly score?: number | undefined;
  /** Milliseconds since 1970. */
  readonly timeMs?: number | undefined;
}

function meritOf(merits: RowMerits, rule: KeepRule): number {
  if (rule === 'longest') return merits.length;
  return (rule === 'newest' ? merits.timeMs : merits.score) ?? -Infinity;
}

/** The row of a cluster that stays (D-10). Equal ones: the earliest, so that running it again changes nothing. Throws RangeError on an empty cluster. */
export function keepBest(cluster: readonly number[], rule: KeepRule, meritsOf: (row: number) => RowMerits): number {
  const first = cluster[0];
  if (first === undefined) throw new RangeError('An empty cluster has no best row.');
  let [best, most] = [first, meritOf(meritsOf(first), rule)];
  for (const row of cluster) {
    const merit = meritOf(meritsOf(row), rule);
    if (merit > most) [best, most] = [row, merit];
  }
  return best;
}
