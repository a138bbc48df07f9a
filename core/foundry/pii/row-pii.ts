import type { CanonicalRow, CheckFlag } from '#contract/rows.ts';
import { textsOf } from '../row-texts.ts';
import type { PiiFinding } from './finding.ts';

/** A finding and the text of the row that it stands in. */
export interface RowPiiFinding extends PiiFinding {
  readonly place: string;
}

/** What a finder finds in all texts of a row, in reading order. */
export function findInRow(row: CanonicalRow, find: (text: string) => readonly PiiFinding[]): readonly RowPiiFinding[] {
  const found: RowPiiFinding[] = [];
  for (const { place, text } of textsOf(row)) {
    for (const { kind, start, end } of find(text)) found.push({ place, kind, start, end });
  }
  return found;
}

export const piiCheck = 'pii';

/** Findings as flags of the row. A flag names the place, never what stands there. */
export function piiFlags(found: readonly RowPiiFinding[]): CheckFlag[] {
  return found.map(({ place, kind, start, end }) => ({ check: piiCheck, code: kind, place, span: [start, end] }));
}
