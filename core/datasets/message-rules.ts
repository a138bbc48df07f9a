import type { RejectReason, RowFlag, RowMessage } from '#contract/datasets.ts';
import { say } from '#contract/sentences.ts';

export interface Refusal {
  readonly reason: RejectReason;
  readonly message: string;
}
export type Converted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function accept<T>(value: T): Converted<T> {
  return { ok: true, value };
}
export function refuse(reason: RejectReason, message: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { reason, message } };
}

/** Takes out what no tokenizer should see (NUL, half a surrogate pair) and says so. */
export function cleanText(text: string): { text: string; flags: RowFlag[] } {
  const flags: RowFlag[] = [];
  let clean = text;
  if (!clean.isWellFormed()) {
    clean = clean.toWellFormed();
    flags.push('REPLACED_CHARACTER');
  }
  if (clean.includes('\0')) {
    clean = clean.replaceAll('\0', '');
    flags.push('NUL_REMOVED');
  }
  return { text: clean, flags };
}

/**
 * The order every chat template can render: at most one system message, first; then user and assistant in turn; an answer last.
 * At least one assistant message must be learned (weight not 0), and none of the learned ones may be empty.
 */
export function checkMessages(messages: readonly RowMessage[]): Refusal | undefined {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  if (turns.length === 0) return { reason: 'EMPTY_PROMPT', message: say('dataset.row-no-message') };
  const wrong = turns.findIndex((message, index) => message.role !== (index % 2 === 0 ? 'user' : 'assistant'));
  if (wrong !== -1) {
    const wanted = wrong % 2 === 0 ? 'user' : 'assistant';
    return {
      reason: 'BAD_ROLE_ORDER',
      message: say('dataset.row-order', { turn: wrong + 1, found: turns[wrong]?.role ?? '', wanted }),
    };
  }
  if (turns.at(-1)?.role !== 'assistant') {
    return { reason: 'BAD_ROLE_ORDER', message: say('dataset.row-open-question') };
  }
  if (turns.some((message) => message.role === 'user' && message.content.trim() === '')) {
    return { reason: 'EMPTY_PROMPT', message: say('dataset.row-empty-question') };
  }
  const learned = turns.filter((message) => message.role === 'assistant' && message.weight !== 0);
  if (turns.at(-1)?.weight === 0 || learned.length === 0) {
    return { reason: 'NOTHING_TO_LEARN', message: say('dataset.row-weightless') };
  }
  if (learned.some((message) => message.content.trim() === '')) {
    return { reason: 'EMPTY_ANSWER', message: say('dataset.row-empty-answer') };
  }
  return undefined;
}
