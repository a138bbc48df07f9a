import type { CanonicalRow } from '#contract/rows.ts';
import { answerTextOf, promptTextOf, textsOf } from '../row-texts.ts';
import { foldExactly } from './exact-duplicates.ts';

/** Which part of rows tells whether they are the same (D-9). */
export const comparedParts = ['prompt', 'answer', 'both'] as const;
export type ComparedPart = (typeof comparedParts)[number];

/** Parts the other texts of a row off from one another, so that `ab` + `c` is not `a` + `bc`. */
const between = '\u0000';

function wholeText(row: CanonicalRow): string {
  return textsOf(row)
    .map(({ role, text }) => `${role}${between}${foldExactly(text)}`)
    .join(between);
}

/**
 * The text by which a row is compared. A row that lacks the asked part (a `text` row has no prompt, a `prompt` row no answer) is compared by the part it
 * has: otherwise all of them would be equal.
 */
export function comparedText(row: CanonicalRow, part: ComparedPart): string {
  const asked = part === 'prompt' ? promptTextOf(row) : part === 'answer' ? answerTextOf(row) : wholeText(row);
  return asked === '' ? wholeText(row) : asked;
}
