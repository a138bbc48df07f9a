import { z } from 'zod';
import { comparedAnswer } from '#contract/comparisons.ts';
import { chatMessage } from '#contract/serving.ts';

/** What one model gave to one prompt. As it is shown, but without the place of its pane, which may be a secret. */
export const modelAnswer = comparedAnswer.omit({ pane: true, label: true, model: true });
export type ModelAnswer = z.infer<typeof modelAnswer>;

const turn = z.number().int().min(0).max(1_000_000);
/** Position among the models as they were asked for, never the pane. */
const modelIndex = z.number().int().min(0).max(3);

export const storedVote = z.union([z.object({ model: modelIndex }), z.literal('tie'), z.literal('none')]);
export type StoredVote = z.infer<typeof storedVote>;

/**
 * One line of `turns.jsonl`: what happened to a turn. The lines in order are the truth; nothing in the file is ever changed.
 */
export const turnChange = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('asked'),
    turn,
    prompt: z.string(),
    /** Messages before the prompt that belong to it (a dataset row's own); the conversation so far is not repeated here. */
    context: z.array(chatMessage),
    expected: z.string().nullable(),
    /** `order[pane]` is the model that pane shows. */
    order: z.array(modelIndex).min(2).max(4),
    /** The turn this one goes on from; null begins anew. */
    follows: turn.nullable(),
    requestId: z.string().nullable(),
  }),
  z.object({ kind: z.literal('answered'), turn, model: modelIndex, answer: modelAnswer }),
  z.object({ kind: z.literal('reopened'), turn, model: modelIndex }),
  z.object({ kind: z.literal('voted'), turn, vote: storedVote.nullable() }),
  z.object({ kind: z.literal('edited'), turn, edited: z.object({ model: modelIndex, text: z.string() }).nullable() }),
  z.object({
    kind: z.literal('kept'),
    turn,
    as: z.enum(['example', 'preference']),
    kept: z.boolean(),
    /** The model whose answer a pair rejects, where one was named. */
    rejected: modelIndex.nullable().optional(),
  }),
]);
export type TurnChange = z.infer<typeof turnChange>;
export type AskedTurn = Extract<TurnChange, { kind: 'asked' }>;

/** A turn as all its changes made it. */
export interface TurnState extends Omit<AskedTurn, 'kind'> {
  /** By model. */
  readonly answers: readonly ModelAnswer[];
  readonly vote: StoredVote | null;
  readonly edited: { readonly model: number; readonly text: string } | null;
  /** Voted on at least once: what was seen cannot be unseen. */
  readonly revealed: boolean;
  readonly kept: readonly ('example' | 'preference')[];
  /** The model that was named as the worse half of a pair; remembered when the pair is taken out, for keeping it again. */
  readonly keptAgainst: number | null;
}

export const noAnswerYet: ModelAnswer = {
  state: 'waiting',
  text: '',
  failure: null,
  usage: null,
  firstTokenMs: null,
  totalMs: null,
  tokensPerSecond: null,
  costUsd: null,
  points: null,
};

/** One change laid over a turn; null when it is about a turn that was never asked. */
export function applyChange(state: TurnState | undefined, change: TurnChange): TurnState | null {
  if (change.kind === 'asked') {
    const { kind: _kind, ...asked } = change;
    const answers = change.order.map(() => noAnswerYet);
    return { ...asked, answers, vote: null, edited: null, revealed: false, kept: [], keptAgainst: null };
  }
  if (state === undefined) return null;
  switch (change.kind) {
    case 'answered':
      return withAnswer(state, change.model, change.answer);
    case 'reopened':
      return withAnswer(state, change.model, noAnswerYet);
    case 'voted':
      return { ...state, vote: change.vote, revealed: true };
    case 'edited':
      return { ...state, edited: change.edited };
    case 'kept':
      return {
        ...state,
        kept: [...state.kept.filter((as) => as !== change.as), ...(change.kept ? [change.as] : [])].sort(),
        keptAgainst: change.as === 'preference' && change.kept ? (change.rejected ?? null) : state.keptAgainst,
      };
  }
}

export function withAnswer(state: TurnState, model: number, answer: ModelAnswer): TurnState {
  return { ...state, answers: state.answers.map((known, index) => (index === model ? answer : known)) };
}

/** The turns that a log tells of, in order. Lines about turns nobody asked are left out. */
export function foldTurns(changes: Iterable<TurnChange>): TurnState[] {
  const turns: TurnState[] = [];
  for (const change of changes) {
    // Turns are numbered as they are asked; a number out of order is no turn of this log.
    if (change.kind === 'asked' && change.turn !== turns.length) continue;
    const next = applyChange(turns[change.turn], change);
    if (next !== null) turns[change.turn] = next;
  }
  return turns;
}

/** Answered or failed: nothing is left to do by itself. */
export function isSettled({ state }: ModelAnswer): boolean {
  return state === 'done' || state === 'failed';
}

/** What going on would ask (again): what is missing or was stopped, and failures that may not come back. */
export function isMissing({ state, failure }: ModelAnswer): boolean {
  return state === 'waiting' || state === 'stopped' || (state === 'failed' && failure?.retryable === true);
}

export function isFinished(turnState: TurnState): boolean {
  return turnState.answers.every(isSettled);
}
