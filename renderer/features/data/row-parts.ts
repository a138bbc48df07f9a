import type { CanonicalMessage, CanonicalRow } from '#contract/rows.ts';

/** A text of a row under the heading it is shown with. */
export interface RowPart {
  readonly word: `role_${CanonicalMessage['role']}` | 'chosen' | 'rejectedAnswer' | 'kind_text';
  readonly text: string;
}

/** Every text of a row in reading order, so that two rows can be laid over each other part by part. */
export function rowParts(row: CanonicalRow): readonly RowPart[] {
  switch (row.kind) {
    case 'sft':
    case 'prompt':
      return row.messages.map(partOf);
    case 'preference':
      return [...row.prompt.map(partOf), ...parts('chosen', row.chosen), ...parts('rejectedAnswer', row.rejected)];
    case 'unpaired':
      return [...row.prompt, ...row.completion].map(partOf);
    case 'text':
      return [{ word: 'kind_text', text: row.text }];
  }
}

function partOf(message: CanonicalMessage): RowPart {
  return { word: `role_${message.role}`, text: textOf(message) };
}

function parts(word: RowPart['word'], messages: readonly CanonicalMessage[]): readonly RowPart[] {
  return messages.map((message) => ({ word, text: textOf(message) }));
}

function textOf({ content, tool_calls: calls = [] }: CanonicalMessage): string {
  return [content, ...calls.map((call) => `${call.name}(${call.arguments})`)].filter((text) => text !== '').join('\n');
}

/** A part as it was and as it is; null where there was or is none. */
export interface PartPair {
  readonly word: RowPart['word'];
  readonly before: string | null;
  readonly after: string | null;
}

/** Parts of two rows beside each other: the first of a heading with the first of it, the second with the second; what has no counterpart stands alone. */
export function partPairs(before: CanonicalRow, after: CanonicalRow): readonly PartPair[] {
  const old = [...rowParts(before)];
  const pairs = rowParts(after).map(({ word, text }): PartPair => {
    const at = old.findIndex((part) => part.word === word);
    const earlier = at < 0 ? undefined : old.splice(at, 1)[0];
    return { word, before: earlier?.text ?? null, after: text };
  });
  return [...pairs, ...old.map(({ word, text }) => ({ word, before: text, after: null }))];
}
