import type { CanonicalRow } from '#contract/rows.ts';
import type { ScriptExample } from '#contract/scripts.ts';
import { answerDiff, type DiffPart } from '../../compare/answer-diff.ts';
import { partPairs, rowParts, type PartPair } from '../row-parts.ts';

/** What became of a row. */
export const exampleKinds = ['changed', 'dropped', 'several', 'same'] as const;
export type ExampleKind = (typeof exampleKinds)[number];

export function kindOf({ before, after }: ScriptExample): ExampleKind {
  if (after.length === 0) return 'dropped';
  if (after.length > 1) return 'several';
  return JSON.stringify(after[0]) === JSON.stringify(before) ? 'same' : 'changed';
}

/** How often each kind is among these. */
export function countKinds(examples: readonly ScriptExample[]): Readonly<Record<ExampleKind, number>> {
  const counts = { changed: 0, dropped: 0, several: 0, same: 0 };
  for (const example of examples) counts[kindOf(example)] += 1;
  return counts;
}

/** A text of two rows laid over each other. */
export interface TextDifference {
  readonly word: PartPair['word'];
  readonly parts: readonly DiffPart[];
  readonly isSame: boolean;
}

/** A field that is no text and differs: as JSON on one line, empty where it was not there. */
export interface FieldDifference {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export interface RowDifference {
  readonly texts: readonly TextDifference[];
  readonly fields: readonly FieldDifference[];
}

/** The texts of a row before and after, word by word; then what else differs. `after` is null for a row that was left out. */
export function rowDifference(before: CanonicalRow, after: CanonicalRow | null): RowDifference {
  const pairs =
    after === null
      ? rowParts(before).map(({ word, text }) => ({ word, before: text, after: null }))
      : partPairs(before, after);
  return { texts: pairs.map(textDifference), fields: after === null ? [] : fieldDifferences(before, after) };
}

function textDifference({ word, before, after }: PartPair): TextDifference {
  if (before === after) return { word, isSame: true, parts: [{ kind: 'same', text: after ?? '' }] };
  return { word, isSame: false, parts: answerDiff(before ?? '', after ?? '').parts };
}

const textFields: ReadonlySet<string> = new Set(['messages', 'prompt', 'chosen', 'rejected', 'completion', 'text']);
/** They are Forge's, and follow from the rest. */
const ownFields: ReadonlySet<string> = new Set(['id', 'group', 'source', 'side']);

function fieldDifferences(before: CanonicalRow, after: CanonicalRow): FieldDifference[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((field) => ({ field, before: old.get(field) ?? '', after: fresh.get(field) ?? '' }))
    .filter((one) => one.before !== one.after);
}

function fieldsOf(row: CanonicalRow): ReadonlyMap<string, string> {
  const fields = Object.entries(row).filter(([field]) => !textFields.has(field) && !ownFields.has(field));
  return new Map(
    fields.map(([field, value]) => [
      field,
      field === 'flags' ? row.flags.map(({ code }) => code).join(', ') : JSON.stringify(value),
    ]),
  );
}
