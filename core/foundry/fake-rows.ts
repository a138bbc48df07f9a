import type { CanonicalRow } from '#contract/rows.ts';

/** Rows for tests: what every row must have, and nothing more. */
export function sftRow(prompt: string, answer: string, more: Partial<CanonicalRow> = {}): CanonicalRow {
  const messages = [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ] as const;
  return { ...sharedFields, ...more, kind: 'sft', messages: [...messages] };
}

export function textRow(text: string, more: Partial<CanonicalRow> = {}): CanonicalRow {
  return { ...sharedFields, ...more, kind: 'text', text };
}

const sharedFields = {
  id: 'row',
  group: 'group',
  source: { type: 'file', uri: 'rows.jsonl' },
  training_eligible: true,
  flags: [],
} satisfies Partial<CanonicalRow>;
