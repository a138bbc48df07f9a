import type { ChatMessage } from '#contract/serving.ts';
import type { TurnState } from './turn-change.ts';

/**
 * What one model is sent for a turn: the system message, the conversation so far with this model's own answers, the prompt. An
 * exchange without an answer (it failed, or was stopped before a word) is left out, so that the roles stay in turn.
 * @param systemPrompt the person's; takes the place of a row's own system message
 */
export function conversationFor(
  turns: readonly TurnState[],
  asked: { turn: number; model: number },
  systemPrompt: string | null,
): ChatMessage[] {
  const chain: TurnState[] = [];
  for (let turn = turns[asked.turn]; turn !== undefined; turn = previousOf(turns, turn)) chain.unshift(turn);
  const messages = chain.flatMap((turn) => {
    const answer = turn.answers[asked.model]?.text ?? '';
    const isLast = turn.turn === asked.turn;
    if (!isLast && answer.trim() === '') return [];
    const question: ChatMessage[] = [...turn.context, { role: 'user', content: turn.prompt }];
    return isLast ? question : [...question, { role: 'assistant' as const, content: answer }];
  });
  const system = systemPrompt ?? messages.find(({ role }) => role === 'system')?.content;
  const rest = messages.filter(({ role }) => role !== 'system');
  return system === undefined ? rest : [{ role: 'system', content: system }, ...rest];
}

/** Only backwards: a damaged log must not send the walk in a circle. */
function previousOf(turns: readonly TurnState[], turn: TurnState): TurnState | undefined {
  return turn.follows !== null && turn.follows < turn.turn ? turns[turn.follows] : undefined;
}
