import type { SplitChoice } from '#contract/dataset-versions.ts';
import { runDataCheck } from '../data-check.ts';
import { numberValue, type Invocation } from '../invocation.ts';
import { splitLines } from '../terminal/check-view.ts';

/** Seed and shares as they were given, or the usual ones. */
export function splitChoiceOf(invocation: Invocation): SplitChoice {
  return {
    seed: numberValue(invocation, 'seed') ?? 1,
    validationShare: numberValue(invocation, 'validation') ?? 0.1,
    testShare: numberValue(invocation, 'test') ?? 0.1,
  };
}

/** `forge data split`: the sides that a split without leaks would give, and what a naive one would leak. */
export function splitData(invocation: Invocation): Promise<number> {
  return runDataCheck(invocation, { check: 'split', asked: splitChoiceOf(invocation), lines: splitLines });
}
