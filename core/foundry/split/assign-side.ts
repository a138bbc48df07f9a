import { orderKey } from '../../datasets/text-hash.ts';

export const splitSides = ['train', 'validation', 'test'] as const;
export type SplitSide = (typeof splitSides)[number];

/** Shares of the groups, 0 to 1, together below 1; training gets the rest. */
export interface SplitShares {
  readonly validation: number;
  readonly test: number;
}

const [testSalt, validationSalt] = [0x7e57, 0x7a11d];
const keyRange = 2 ** 53;

/** Throws RangeError when the shares leave nothing to train on. */
export function requireShares({ validation, test }: SplitShares): void {
  if (!(validation >= 0 && test >= 0 && validation + test < 1))
    throw new RangeError(`Shares must be 0 or more and leave something to train on, not ${validation} and ${test}.`);
}

/**
 * The side of a group (D-11), by nothing but its name, the seed and the shares: what else is in the version does not matter. Test groups are chosen by a
 * hash of their own, so another share of validation moves no group into or out of test, and validation only ever takes from the rest.
 */
export function assignSide(group: string, seed: number, shares: SplitShares): SplitSide {
  if (orderKey(group, seed ^ testSalt) < shares.test * keyRange) return 'test';
  const validationOfRest = shares.validation / (1 - shares.test);
  return orderKey(group, seed ^ validationSalt) < validationOfRest * keyRange ? 'validation' : 'train';
}
