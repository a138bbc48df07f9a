import { runDataCheck } from '../data-check.ts';
import { isOn, numberValue, textValue, type Invocation } from '../invocation.ts';
import { dedupeLines } from '../terminal/check-view.ts';

/** `forge data dedupe`: equal and near-equal rows, counted and listed. */
export function dedupeData(invocation: Invocation): Promise<number> {
  const threshold = isOn(invocation, 'exact-only') ? null : (numberValue(invocation, 'threshold') ?? 0.8);
  const asked = {
    over: textValue(invocation, 'over') ?? 'both',
    threshold,
    keep: textValue(invocation, 'keep') ?? 'longest',
  };
  return runDataCheck(invocation, { check: 'dedupe', asked, lines: dedupeLines });
}
