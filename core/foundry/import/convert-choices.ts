import type { CanonicalMessage } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { accept, type Converted, refuse } from '../../datasets/message-rules.ts';
import { convertSide } from './convert-messages.ts';
import { cellText, labelOf } from './record-values.ts';
import type { RowDraft, RowFormat } from './row-content.ts';

function sameMessage(first: CanonicalMessage, second: CanonicalMessage | undefined): boolean {
  return first.role === second?.role && first.content === second.content;
}

/** How many messages two conversations share at their beginning. */
function sharedLength(first: readonly CanonicalMessage[], second: readonly CanonicalMessage[]): number {
  const different = first.findIndex((message, index) => !sameMessage(message, second[index]));
  return different === -1 ? Math.min(first.length, second.length) : different;
}

interface Sides {
  /** Undefined: both sides are whole conversations. */
  readonly prompt: unknown;
  readonly chosen: unknown;
  readonly rejected: unknown;
}

function isWhole(messages: readonly CanonicalMessage[]): boolean {
  return messages.length > 1 && messages[0]?.role !== 'assistant';
}

/**
 * Two answers to one prompt, each a text, a message or a list of messages. Sides that are whole conversations (TRL's implicit prompt) give up what they
 * share; the last message of each is never shared, so that equal answers are seen as such.
 */
export function convertPreference(format: RowFormat, sides: Sides): Converted<RowDraft> {
  const chosen = convertSide(sides.chosen, 'assistant');
  if (!chosen.ok) return chosen;
  const rejected = convertSide(sides.rejected, 'assistant');
  if (!rejected.ok) return rejected;
  if (isWhole(chosen.value) && isWhole(rejected.value)) {
    const most = Math.min(chosen.value.length, rejected.value.length) - 1;
    const shared = Math.min(most, sharedLength(chosen.value, rejected.value));
    const parts = { chosen: chosen.value.slice(shared), rejected: rejected.value.slice(shared) };
    return accept({ format, content: { kind: 'preference', prompt: chosen.value.slice(0, shared), ...parts } });
  }
  const prompt = sides.prompt === undefined ? accept([]) : convertSide(sides.prompt, 'user');
  if (!prompt.ok) return prompt;
  const content = { kind: 'preference', prompt: prompt.value, chosen: chosen.value, rejected: rejected.value } as const;
  return accept({ format, content });
}

/** A conversation whose last answer is good (true) or bad (false). */
export function convertUnpaired(messages: Converted<CanonicalMessage[]>, given: unknown): Converted<RowDraft> {
  if (!messages.ok) return messages;
  const label = labelOf(given);
  if (label === undefined)
    return refuse('BAD_LABEL', say('dataset.row-label', { label: cellText(given).slice(0, 40) }));
  const start = messages.value.findLastIndex(({ role }) => role === 'user' || role === 'system') + 1;
  const content = {
    kind: 'unpaired',
    prompt: messages.value.slice(0, start),
    completion: messages.value.slice(start),
    label,
  } as const;
  return accept({ format: 'unpaired', content });
}
