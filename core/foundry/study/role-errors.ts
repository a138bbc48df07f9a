import type { CanonicalMessage, CanonicalRow } from '#contract/rows.ts';

/** What can be wrong with the order of a conversation that was imported all the same. */
export const roleErrorKinds = [
  'begins-with-answer',
  'system-not-first',
  'same-role-twice',
  'no-final-answer',
  'tool-without-call',
  'empty-message',
] as const;
export type RoleError = (typeof roleErrorKinds)[number];

/** Each error of a row's conversation once. */
export function roleErrorsOf(row: CanonicalRow): readonly RoleError[] {
  if (row.kind === 'text') return [];
  const messages = row.kind === 'sft' || row.kind === 'prompt' ? row.messages : row.prompt;
  const found = new Set<RoleError>();
  let before: CanonicalMessage | undefined;
  messages.forEach((message, index) => {
    const error = errorAfter(before, message, index);
    if (error !== null) found.add(error);
    if (message.content.trim() === '' && (message.tool_calls ?? []).length === 0) found.add('empty-message');
    if (message.role !== 'system') before = message;
  });
  if (row.kind === 'sft' && messages.at(-1)?.role !== 'assistant') found.add('no-final-answer');
  return [...found];
}

function errorAfter(before: CanonicalMessage | undefined, { role }: CanonicalMessage, index: number): RoleError | null {
  if (role === 'system') return index === 0 ? null : 'system-not-first';
  if (before === undefined) return role === 'assistant' ? 'begins-with-answer' : null;
  if (role === 'tool')
    return before.role === 'tool' || (before.tool_calls ?? []).length > 0 ? null : 'tool-without-call';
  return role === before.role ? 'same-role-twice' : null;
}
