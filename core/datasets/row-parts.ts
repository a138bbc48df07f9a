import type { DatasetRow, RowMessage } from '#contract/datasets.ts';

/** Index of the message that is scored: the last assistant message. Rows of `forge.row/1` always end with one. */
function answerIndex(messages: readonly RowMessage[]): number {
  return messages.findLastIndex((message) => message.role === 'assistant');
}

/** Everything the model is shown before it answers (the last answer and what follows it are left out). */
export function promptMessagesOf(row: Pick<DatasetRow, 'messages'>): RowMessage[] {
  return row.messages.slice(0, answerIndex(row.messages));
}

/** The expected answer: the text of the last assistant message. */
export function answerOf(row: Pick<DatasetRow, 'messages'>): string {
  return row.messages[answerIndex(row.messages)]?.content ?? '';
}

/** The prompt as one text, without the system message (which many rows share), for comparing rows with one another. */
export function promptTextOf(row: Pick<DatasetRow, 'messages'>): string {
  return promptMessagesOf(row)
    .filter((message) => message.role !== 'system')
    .map((message) => message.content)
    .join('\n');
}

/** Folds what does not tell two texts apart: Unicode form, case, runs of spaces. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}
