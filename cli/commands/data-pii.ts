import { runDataCheck } from '../data-check.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { piiLines } from '../terminal/check-view.ts';

/** `forge data pii`: personal data and secrets, counted by kind; the list names places and repeats nothing that was found. */
export function checkPersonalData(invocation: Invocation): Promise<number> {
  const packs =
    textValue(invocation, 'packs')
      ?.split(',')
      .map((pack) => pack.trim()) ?? [];
  return runDataCheck(invocation, { check: 'pii', asked: { packs: packs.filter(Boolean) }, lines: piiLines });
}
