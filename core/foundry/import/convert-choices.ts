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

/**
 * A question and an answer that is good (true) or bad (false), parted where the record parts them: TRL learns the whole completion and nothing of the prompt
 * (its "unpaired preference" type), so a call of a tool with its result may stand on either side.
 */
export function convertUnpaired(
  prompt: Converted<CanonicalMessage[]>,
  completion: Converted<CanonicalMessage[]>,
  given: unknown,
): Converted<RowDraft> {
  if (!prompt.ok) return prompt;
  if (!completion.ok) return completion;
  const label = labelOf(given);
  if (label === undefined)
    return refuse('BAD_LABEL', say('dataset.row-label', { label: cellText(given).slice(0, 40) }));
  const content = { kind: 'unpaired', prompt: prompt.value, completion: completion.value, label } as const;
  return accept({ format: 'unpaired', content });
}

/** A whole conversation with one label: it is of the last message, as LLaMA-Factory takes `kto_tag`; what a tool gave before it is part of what was asked. */
export function convertMarked(messages: Converted<CanonicalMessage[]>, given: unknown): Converted<RowDraft> {
  if (!messages.ok) return messages;
  const end = messages.value.length - (messages.value.at(-1)?.role === 'assistant' ? 1 : 0);
  return convertUnpaired(accept(messages.value.slice(0, end)), accept(messages.value.slice(end)), given);
}
