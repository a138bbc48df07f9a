import type { ComparedAnswer, ComparisonTurn, Vote } from '#contract/comparisons.ts';
import type { ComparedEntry } from './compared-entry.ts';
import { maskFailure } from './mask-names.ts';
import type { ModelAnswer, StoredVote, TurnState } from './turn-change.ts';

/** What a blind pane is called. */
export const paneLetters = ['A', 'B', 'C', 'D'] as const;

export interface TurnAudience {
  readonly models: readonly ComparedEntry[];
  readonly blind: boolean;
}

/** Whether the names of a turn may be shown. */
export function isOpen(turn: Pick<TurnState, 'revealed'>, { blind }: Pick<TurnAudience, 'blind'>): boolean {
  return turn.revealed || !blind;
}

/** A turn as the faces see it: panes in their order, names only when they may be known. */
export function viewTurn(turn: TurnState, audience: TurnAudience): ComparisonTurn {
  const open = isOpen(turn, audience);
  const paneOf = (model: number): number => turn.order.indexOf(model);
  return {
    turn: turn.turn,
    prompt: turn.prompt,
    expected: turn.expected,
    answers: turn.order.map((model, pane) => {
      const answer = turn.answers[model];
      const entry = audience.models[model];
      if (answer === undefined || entry === undefined) throw new Error(`turn ${turn.turn} has no model ${model}`);
      return open ? openAnswer(answer, entry, pane) : blindAnswer(answer, entry, pane);
    }),
    vote: viewVote(turn.vote, paneOf),
    edited: turn.edited === null ? null : { pane: paneOf(turn.edited.model), text: turn.edited.text },
    revealed: open,
    kept: [...turn.kept],
  };
}

function openAnswer(answer: ModelAnswer, entry: ComparedEntry, pane: number): ComparedAnswer {
  return { ...answer, pane, label: entry.label, model: entry.model };
}

/** A cost of nothing tells a model on this machine from a cloud at a glance, so it waits for the names as well. */
function blindAnswer(answer: ModelAnswer, entry: ComparedEntry, pane: number): ComparedAnswer {
  const label = paneLetters[pane] ?? 'A';
  const failure = answer.failure === null ? null : maskFailure(answer.failure, namesOf(entry), `model ${label}`);
  return { ...answer, pane, label, model: null, costUsd: null, failure };
}

/** Everything that names a model in a sentence. */
export function namesOf({ model, label, names }: ComparedEntry): string[] {
  return [label, model.model, ...(model.kind === 'cloud' ? [model.provider] : []), ...names];
}

function viewVote(vote: StoredVote | null, paneOf: (model: number) => number): Vote | null {
  return vote !== null && typeof vote === 'object' ? { pane: paneOf(vote.model) } : vote;
}
