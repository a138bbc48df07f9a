import type { KeptRow } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { conversationFor } from './conversation.ts';
import type { TurnState } from './turn-change.ts';

export interface KeepWish {
  readonly comparison: string;
  readonly turn: number;
  readonly as: 'example' | 'preference';
  /** The model whose answer the pair rejects; null leaves the choice to what is clear. */
  readonly rejected: number | null;
  readonly systemPrompt: string | null;
  /** SHA-256 of a text, hex. */
  readonly digest: (text: string) => string;
}

/** Where a kept row comes from: the same turn always has the same mark, whatever its text is. */
export function keptMark(comparison: string, turn: number): string {
  return `${comparison}#${turn}`;
}

/**
 * The row a turn becomes. The wished answer is the edited one, else the one voted best, at the end of the conversation that this model had.
 * @throws ForgeError comparison.nothing-to-keep | comparison.nothing-rejected | comparison.same-answers | comparison.no-answer
 */
export function keptRowOf(turns: readonly TurnState[], wish: KeepWish): KeptRow {
  const turn = turns[wish.turn];
  if (turn === undefined) throw new Error(`there is no turn ${wish.turn}`);
  const { model, text } = wishedAnswer(turn);
  const before = conversationFor(turns, { turn: wish.turn, model }, wish.systemPrompt);
  const chosen = [{ role: 'assistant' as const, content: text }];
  const rejected = wish.as === 'preference' ? rejectedAnswer(turn, { model, text }, wish.rejected) : undefined;
  const mark = keptMark(wish.comparison, wish.turn);
  const messages = [...before, ...chosen];
  const firstQuestion = before.find(({ role }) => role === 'user')?.content ?? '';
  const shared = {
    id: wish.digest(JSON.stringify([mark, wish.as, messages, rejected ?? null])).slice(0, 32),
    // Rows that begin with the same question must not stand on both sides of a split.
    group: `kept-${wish.digest(firstQuestion.trim().toLowerCase()).slice(0, 16)}`,
    source: { type: 'comparison' as const, uri: wish.comparison, line: wish.turn + 1, id: mark },
    training_eligible: true,
    flags: turn.edited === null ? [] : [{ check: 'comparison', code: 'EDITED' }],
  };
  return rejected === undefined
    ? { ...shared, kind: 'sft', messages }
    : { ...shared, kind: 'preference', prompt: before, chosen, rejected: [{ role: 'assistant', content: rejected }] };
}

interface WishedAnswer {
  readonly model: number;
  readonly text: string;
}

function wishedAnswer(turn: TurnState): WishedAnswer {
  const { edited, vote } = turn;
  const wished =
    edited ??
    (vote !== null && typeof vote === 'object'
      ? { model: vote.model, text: turn.answers[vote.model]?.text ?? '' }
      : null);
  if (wished === null) throw new ForgeError('comparison.nothing-to-keep');
  if (wished.text.trim() === '') throw new ForgeError('comparison.no-answer');
  return wished;
}

function rejectedAnswer(turn: TurnState, wished: WishedAnswer, named: number | null): string {
  const model = named ?? clearlyRejected(turn, wished);
  if (model === null) throw new ForgeError('comparison.nothing-rejected');
  const text = turn.answers[model]?.text ?? '';
  if (text.trim() === '') throw new ForgeError('comparison.no-answer');
  if (text.trim() === wished.text.trim()) throw new ForgeError('comparison.same-answers');
  return text;
}

/** An edited answer is better than what it was made from; of two answers the one that lost the vote is the worse. */
function clearlyRejected(turn: TurnState, wished: WishedAnswer): number | null {
  if (turn.edited !== null && turn.answers[wished.model]?.text.trim() !== wished.text.trim()) return wished.model;
  const others = turn.answers.map((_, model) => model).filter((model) => model !== wished.model);
  return others.length === 1 ? (others[0] ?? null) : null;
}
