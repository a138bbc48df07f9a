import type { ViewStep } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { answerTextOf, promptTextOf, textsOf } from '../row-texts.ts';

/** The part of a row that a step looks at. */
export type RowPlace = Extract<ViewStep, { kind: 'length' }>['place'];

export function textAt(row: CanonicalRow, place: RowPlace): string {
  if (place === 'prompt') return promptTextOf(row);
  if (place === 'answer') return answerTextOf(row);
  return textsOf(row)
    .map(({ text }) => text)
    .join('\n');
}

/** Rows of a kind that has no such part are not judged by it: a `prompt` row has no answer, a `text` row no prompt. */
export function hasPlace(row: CanonicalRow, place: RowPlace): boolean {
  return place === 'answer' ? row.kind !== 'prompt' : place === 'whole' || row.kind !== 'text';
}
