import { orderKey } from '../../datasets/text-hash.ts';
import { createUnionFind } from '../../datasets/union-find.ts';
import { createExactDuplicates, type TextDigest } from '../dedupe/exact-duplicates.ts';
import { createNearDuplicates, type NearDuplicates } from '../dedupe/near-duplicates.ts';
import { createNumberList, type NumberList } from '../dedupe/number-list.ts';
import { createPairList, type PairList } from '../dedupe/pair-list.ts';
import { assignSide, requireShares, splitSides, type SplitShares, type SplitSide } from './assign-side.ts';

/** A row as the split sees it. */
export interface SplitRow {
  readonly id: string;
  /** The group it was given: conversation, document, repository; its own id where it has none. */
  readonly group: string;
  /** Text by which rows leak into one another: the prompt (`comparedText(row, 'prompt')`). */
  readonly text: string;
  /** Its side in the version before, when it was there. */
  readonly earlier?: SplitSide | undefined;
}

export interface SplitOptions {
  readonly seed: number;
  readonly shares: SplitShares;
  readonly digest: TextDigest;
  /** Least similarity of two prompts (5 characters in a row, 0.5 to 1) that go on one side. Default 0.6. */
  readonly threshold?: number;
}

/** A row that is near to earlier rows of different sides can stand on neither without a leak. */
export type RowSide = SplitSide | 'left-out';

export interface SplitLeaks {
  /** Pairs of equal prompts, and of near-equal ones, with one row on one side and one on another. Of a cluster, the pairs of a tree through it. */
  readonly exactPairs: number;
  readonly nearPairs: number;
}

export interface LeakageReport {
  readonly rows: Readonly<Record<RowSide, number>>;
  readonly groups: Readonly<Record<SplitSide, number>>;
  /** Rows of the largest group: a large share of all rows means that the split can not be even. */
  readonly largestGroupRows: number;
  readonly leaks: SplitLeaks;
  /** What a plain random 90/10 split of the rows would have done with the same pairs. */
  readonly naive: { readonly pairs: number; readonly crossing: number };
}

export interface SplitPlan {
  sideOf(row: number): RowSide;
  /** Number of the first row of the group that a row belongs to; the group is named by that row's given group. */
  firstOfGroup(row: number): number;
  readonly report: LeakageReport;
}

/** Rows are added in order (numbered from 0) in any number of batches; `plan` gives the share that is done and returns the plan. */
export interface RowSplit {
  add(row: SplitRow): void;
  plan(): Generator<number, SplitPlan, undefined>;
}

const naiveTestShare = 0.1;
/** Shingles kept of one prompt, by characters: the estimate has a standard error of 0.03 at 0.6, and a million rows fit in memory. */
const mostShingles = 256;
const checkSeed = 0x51de;

/**
 * Splits by groups: rows of one given group, with equal prompts or with near-equal ones always stand on one side. Near-equal are prompts that share
 * `threshold` of their 5-character shingles, and those that D-10 finds by words, with hash functions of their own: what the first look misses the
 * second joins. A row that was in the version before keeps its side.
 */
export function createRowSplit({ seed, shares, digest, threshold = 0.6 }: SplitOptions): RowSplit {
  requireShares(shares);
  const givenGroups = createExactDuplicates(digest, (name) => name);
  const prompts = createExactDuplicates(digest);
  const byCharacters = createNearDuplicates({ unit: 'characters', threshold, seed, mostShingles });
  const byWords = createNearDuplicates({ seed: seed ^ checkSeed, mostShingles });
  const [exact, sameGroup] = [createPairList(), createPairList()];
  const found: GivenRows = { sides: [], earlier: createNumberList(), naiveTest: createNumberList() };
  return {
    add({ id, group, text, earlier }) {
      const row = found.sides.length;
      const [sibling, equal] = [givenGroups.add(group), prompts.add(text)];
      if (sibling >= 0) sameGroup.add(sibling, row);
      if (equal >= 0) exact.add(equal, row);
      byCharacters.add(text);
      byWords.add(text);
      found.sides.push(assignSide(group, seed, shares));
      found.earlier.push(earlier === undefined ? 0 : splitSides.indexOf(earlier) + 1);
      found.naiveTest.push(orderKey(id, seed) < naiveTestShare * 2 ** 53 ? 1 : 0);
    },
    *plan() {
      for (const share of byCharacters.link()) yield share * 0.6;
      for (const share of byWords.link()) yield 0.6 + share * 0.4;
      return makePlan({ ...found, exact, sameGroup, near: nearPairs(exact, [byWords, byCharacters]) });
    },
  };
}

interface GivenRows {
  /** The side of each row's given group. */
  readonly sides: SplitSide[];
  /** 0, or one more than the index of the side in the version before. */
  readonly earlier: NumberList;
  /** 1 for the rows that a plain 90/10 split would test on. */
  readonly naiveTest: NumberList;
}

/** The near pairs of both looks that hold together what equal prompts do not hold together yet: no pair is counted twice. */
function nearPairs(exact: PairList, looks: readonly NearDuplicates[]): PairList {
  const { root, join } = createUnionFind(looks[0]?.count ?? 0);
  for (const [first, second] of exact) join(first, second);
  const near = createPairList();
  for (const look of looks) {
    for (const { first, second } of look.pairs()) {
      if (root(first) === root(second)) continue;
      join(first, second);
      near.add(first, second);
    }
  }
  return near;
}

interface PlanInput extends GivenRows {
  readonly exact: PairList;
  readonly near: PairList;
  readonly sameGroup: PairList;
}

function makePlan(input: PlanInput): SplitPlan {
  const { root, join } = createUnionFind(input.sides.length);
  for (const list of [input.sameGroup, input.exact, input.near])
    for (const [first, second] of list) join(first, second);
  const sideOf = sidesByGroup(input, root);
  return { sideOf, firstOfGroup: root, report: reportOf(input, root, sideOf) };
}

const [noEarlier, severalEarlier] = [0, splitSides.length + 1];

/** One side for each group: that of its earlier rows where they agree, else that of its name. Earlier rows keep theirs in any case. */
function sidesByGroup({ sides, earlier }: GivenRows, root: (row: number) => number): (row: number) => RowSide {
  const earlierOfGroup = new Uint8Array(sides.length);
  for (let row = 0; row < sides.length; row += 1) {
    const own = earlier.at(row);
    const first = root(row);
    const before = earlierOfGroup[first] ?? noEarlier;
    if (own === noEarlier) continue;
    earlierOfGroup[first] = before === noEarlier || before === own ? own : severalEarlier;
  }
  return (row) => {
    const first = root(row);
    const own = earlier.at(row);
    const kept = own === noEarlier ? (earlierOfGroup[first] ?? noEarlier) : own;
    if (kept === severalEarlier) return 'left-out';
    return (kept === noEarlier ? sides[first] : splitSides[kept - 1]) ?? 'train';
  };
}

function reportOf(input: PlanInput, root: (row: number) => number, sideOf: (row: number) => RowSide): LeakageReport {
  const rows = { train: 0, validation: 0, test: 0, 'left-out': 0 };
  const groups = { train: 0, validation: 0, test: 0 };
  const sizes = new Uint32Array(input.sides.length);
  for (let row = 0; row < input.sides.length; row += 1) {
    const [side, first] = [sideOf(row), root(row)];
    rows[side] += 1;
    sizes[first] = (sizes[first] ?? 0) + 1;
    if (first === row && side !== 'left-out') groups[side] += 1;
  }
  const leaksIn = (pairs: PairList): number =>
    countPairs(pairs, (first, second) => areApart(sideOf(first), sideOf(second)));
  const naive = (first: number, second: number): boolean => input.naiveTest.at(first) !== input.naiveTest.at(second);
  return {
    rows,
    groups,
    largestGroupRows: sizes.reduce((most, size) => Math.max(most, size), 0),
    leaks: { exactPairs: leaksIn(input.exact), nearPairs: leaksIn(input.near) },
    naive: {
      pairs: input.exact.length + input.near.length,
      crossing: countPairs(input.exact, naive) + countPairs(input.near, naive),
    },
  };
}

function areApart(first: RowSide, second: RowSide): boolean {
  return first !== second && first !== 'left-out' && second !== 'left-out';
}

function countPairs(pairs: PairList, holds: (first: number, second: number) => boolean): number {
  let count = 0;
  for (const [first, second] of pairs) if (holds(first, second)) count += 1;
  return count;
}
