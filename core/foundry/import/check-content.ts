import type { CanonicalMessage } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import type { Refusal } from '../../datasets/message-rules.ts';
import type { RowContent } from './row-content.ts';

type Messages = readonly CanonicalMessage[];
type Role = CanonicalMessage['role'];

function refusal(reason: Refusal['reason'], message: string): Refusal {
  return { reason, message };
}

function withoutSystem(messages: Messages): Messages {
  return messages[0]?.role === 'system' ? messages.slice(1) : messages;
}

function calls(message: CanonicalMessage | undefined): boolean {
  return (message?.tool_calls?.length ?? 0) > 0;
}

/** Who may speak after a message: user and assistant in turn; what was called answers before the assistant goes on. */
function rolesAfter(message: CanonicalMessage | undefined): readonly Role[] {
  if (message === undefined) return ['user'];
  if (message.role === 'user') return ['assistant'];
  if (message.role === 'tool') return ['assistant', 'tool'];
  return calls(message) ? ['tool'] : ['user'];
}

/**
 * The order that every chat template can render: at most one system message, first; then user and assistant in turn, tools after their calls. ShareGPT's rule
 * that the human side sits on odd places (LLaMA-Factory) is the same order.
 */
function orderRefusal(turns: Messages): Refusal | undefined {
  for (const [index, { role }] of turns.entries()) {
    const [wanted, ...others] = rolesAfter(turns[index - 1]);
    if (role === wanted || others.includes(role)) continue;
    return refusal('BAD_ROLE_ORDER', say('dataset.row-order', { turn: index + 1, found: role, wanted: wanted ?? '' }));
  }
  return undefined;
}

function emptyRefusal(turns: Messages): Refusal | undefined {
  if (turns.some(({ role, content }) => role === 'user' && content.trim() === ''))
    return refusal('EMPTY_FIELD', say('dataset.row-empty-question'));
  const isEmpty = (turn: CanonicalMessage): boolean =>
    turn.role === 'assistant' && turn.weight !== 0 && turn.content.trim() === '' && !calls(turn);
  return turns.some(isEmpty) ? refusal('EMPTY_FIELD', say('dataset.row-empty-answer')) : undefined;
}

/** A conversation that ends with an answer of which something is learned. */
function conversationRefusal(messages: Messages): Refusal | undefined {
  const turns = withoutSystem(messages);
  if (turns.length === 0) return refusal('EMPTY_FIELD', say('dataset.row-no-message'));
  const order = orderRefusal(turns);
  if (order !== undefined) return order;
  const last = turns.at(-1);
  if (last?.role !== 'assistant') return refusal('BAD_ROLE_ORDER', say('dataset.row-open-question'));
  const learned = turns.filter(({ role, weight }) => role === 'assistant' && weight !== 0);
  if (last.weight === 0 || learned.length === 0) return refusal('NOTHING_TO_LEARN', say('dataset.row-weightless'));
  return emptyRefusal(turns);
}

/** What is asked, and nothing behind it. */
function promptRefusal(messages: Messages): Refusal | undefined {
  const turns = withoutSystem(messages);
  const last = turns.at(-1);
  if (last === undefined) return refusal('EMPTY_FIELD', say('dataset.row-no-message'));
  const order = orderRefusal(turns);
  if (order !== undefined) return order;
  if (last.role === 'assistant')
    return refusal(
      'BAD_ROLE_ORDER',
      say('dataset.row-order', { turn: turns.length, found: last.role, wanted: 'user' }),
    );
  return emptyRefusal(turns);
}

function textsOf(messages: Messages): string {
  return JSON.stringify(messages.map(({ role, content, tool_calls: called }) => [role, content, called ?? []]));
}

/** Why content cannot be a row; undefined when it can. Codes are those of D-3. */
export function contentRefusal(content: RowContent): Refusal | undefined {
  switch (content.kind) {
    case 'sft':
      return conversationRefusal(content.messages);
    case 'prompt':
      return promptRefusal(content.messages);
    case 'text':
      return content.text.trim() === '' ? refusal('EMPTY_FIELD', say('dataset.row-empty-text')) : undefined;
    case 'unpaired':
      return promptRefusal(content.prompt) ?? conversationRefusal([...content.prompt, ...content.completion]);
    case 'preference': {
      const { prompt, chosen, rejected } = content;
      const wrong =
        promptRefusal(prompt) ??
        conversationRefusal([...prompt, ...chosen]) ??
        conversationRefusal([...prompt, ...rejected]);
      if (wrong !== undefined) return wrong;
      const same = textsOf(chosen) === textsOf(rejected);
      return same ? refusal('SAME_ANSWERS', say('dataset.row-same-answers')) : undefined;
    }
  }
}
