import type { ComparedAnswer, ComparisonTurn } from '#contract/comparisons.ts';
import { isVotable } from './comparison-turns.ts';
import { bestPane } from './turn-rows.ts';

/** Why an answer cannot be kept yet. */
export type KeepObstacle = 'unfinished' | 'nothing-chosen' | 'nothing-worse';

/** The answer that would be learned: the edited one, else the one that was voted best; null when there is neither. */
export function wishedAnswer(turn: ComparisonTurn): { readonly pane: number; readonly text: string } | null {
  if (turn.edited !== null) return turn.edited;
  const best = answerIn(turn, bestPane(turn.vote));
  return best === undefined ? null : { pane: best.pane, text: best.text };
}

/** Panes that can be the worse half of a pair: they answered, and differently. The edited one's own answer comes first. */
export function rejectable(turn: ComparisonTurn): readonly ComparedAnswer[] {
  const wished = wishedAnswer(turn);
  if (wished === null) return [];
  return turn.answers
    .filter(({ text, state }) => state !== 'failed' && text.trim() !== '' && text !== wished.text)
    .toSorted((a, b) => Number(b.pane === wished.pane) - Number(a.pane === wished.pane) || a.pane - b.pane);
}

export function exampleObstacle(turn: ComparisonTurn): KeepObstacle | null {
  if (!isVotable(turn)) return 'unfinished';
  return wishedAnswer(turn) === null ? 'nothing-chosen' : null;
}

export function preferenceObstacle(turn: ComparisonTurn): KeepObstacle | null {
  return exampleObstacle(turn) ?? (rejectable(turn).length === 0 ? 'nothing-worse' : null);
}

/** The pane to reject when it is clear without asking: the answer that was edited, or the only other one. */
export function clearRejected(turn: ComparisonTurn): number | null {
  const choices = rejectable(turn);
  if (turn.edited !== null && choices[0]?.pane === turn.edited.pane) return choices[0].pane;
  return choices.length === 1 ? (choices[0]?.pane ?? null) : null;
}

/** The pane that E edits: the one edited before, the focused one, the best, else the first that answered. */
export function paneToEdit(turn: ComparisonTurn, focused: number | null): number | null {
  const wanted = turn.edited?.pane ?? focused ?? bestPane(turn.vote);
  const answer = answerIn(turn, wanted) ?? turn.answers.find(({ text }) => text !== '') ?? turn.answers[0];
  return answer?.pane ?? null;
}

/** The two panes to compare word by word at first: the best against its neighbour, else the first two that answered. */
export function panesToDiffer(turn: ComparisonTurn): readonly [number, number] | null {
  const answered = turn.answers.filter(({ text }) => text !== '').map(({ pane }) => pane);
  const best = bestPane(turn.vote);
  const ordered = best === null ? answered : [best, ...answered.filter((pane) => pane !== best)];
  const [left, right] = ordered.slice(0, 2).toSorted((a, b) => a - b);
  return left === undefined || right === undefined ? null : [left, right];
}

function answerIn(turn: ComparisonTurn, pane: number | null): ComparedAnswer | undefined {
  return turn.answers.find((answer) => answer.pane === pane);
}
