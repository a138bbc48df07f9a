import type { GroupOrigin } from '#contract/datasets.ts';
import { findNearPairs } from './near-duplicates.ts';
import { createUnionFind } from './union-find.ts';

export interface GroupInput {
  /** Ids of the rows. */
  readonly ids: readonly string[];
  /** Prompt of each row, folded (`foldText`). */
  readonly prompts: readonly string[];
  /** The group each row was given, if it was given one. */
  readonly given: readonly (string | undefined)[];
  /** Given groups that must be one because they held the same row. */
  readonly sameGroups: readonly (readonly [string, string])[];
}

/** Above this number of rows near-duplicates are not looked for; equal prompts still go together. */
export const maximumRowsForNearDuplicates = 200_000;

function joinEqual(keys: readonly string[], join: (a: number, b: number) => void): void {
  const first = new Map<string, number>();
  keys.forEach((key, index) => {
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else join(earlier, index);
  });
}

/** Joins every row to the node of the group it was given, and the nodes of groups that hold the same row. */
function joinGiven(input: GroupInput, nodes: ReadonlyMap<string, number>, join: (a: number, b: number) => void): void {
  const node = (name: string | undefined): number | undefined => (name === undefined ? undefined : nodes.get(name));
  const joinNodes = (a: number | undefined, b: number | undefined): void => {
    if (a !== undefined && b !== undefined) join(a, b);
  };
  input.given.forEach((name, index) => joinNodes(index, node(name)));
  for (const [first, second] of input.sameGroups) joinNodes(node(first), node(second));
}

/**
 * A leak group for every row: the given group, else rows with near-equal prompts. Rows with the same prompt are always in one group,
 * even when they were given different ones. Where most rows were given a group, near-equal prompts are left as given (the person
 * knows better); `splitRows` still counts them. True paraphrases in other words are not found by any wording: only a group column does.
 * The name of a group is the given one, else the id of its first row, so that adding rows renames nothing.
 */
export function assignGroups(input: GroupInput): { groups: string[]; origin: GroupOrigin } {
  const { ids, prompts, given, sameGroups } = input;
  const names = new Set([...given.filter((name) => name !== undefined), ...sameGroups.flat()]);
  const nodes = new Map([...names].map((name, index) => [name, prompts.length + index]));
  const sets = createUnionFind(prompts.length + names.size);
  joinGiven(input, nodes, sets.join);
  joinEqual(prompts, sets.join);
  const givenShare = given.filter((group) => group !== undefined).length / Math.max(1, given.length);
  const origin: GroupOrigin =
    givenShare >= 0.5 ? 'column' : prompts.length <= maximumRowsForNearDuplicates ? 'near-duplicates' : 'same-prompt';
  if (origin === 'near-duplicates') for (const [first, second] of findNearPairs(prompts)) sets.join(first, second);
  const groups = ids.map((_, index) => {
    const root = sets.root(index);
    return given[root] ?? ids[root] ?? 'none';
  });
  return { groups, origin };
}
