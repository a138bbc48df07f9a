import type { ComparedEntry } from './compared-entry.ts';
import { isFinished, type TurnState } from './turn-change.ts';

/** Milliseconds an answer of each model takes on average; null for one that has not answered yet. */
export function meanAnswerMs(turns: readonly TurnState[], models: number): (number | null)[] {
  return Array.from({ length: models }, (_, model) => {
    const times = turns.flatMap(({ answers }) => answers[model]?.totalMs ?? []);
    return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0) / times.length;
  });
}

/**
 * Seconds for one turn: clouds answer side by side, models on this machine one after the other because they share its processor. Null while one
 * of them has not shown how long it takes.
 */
export function secondsPerTurn(
  models: readonly Pick<ComparedEntry, 'model'>[],
  answerMs: readonly (number | null)[],
): number | null {
  let here = 0;
  let clouds = 0;
  for (const [index, { model }] of models.entries()) {
    const ms = answerMs[index] ?? null;
    if (ms === null) return null;
    if (model.kind === 'cloud') clouds = Math.max(clouds, ms);
    else here += ms;
  }
  return Math.max(here, clouds) / 1000;
}

/** Seconds until the last turn is answered, null while that cannot be known. */
export function secondsLeft(
  turns: readonly TurnState[],
  models: readonly Pick<ComparedEntry, 'model'>[],
): number | null {
  const open = turns.filter((turn) => !isFinished(turn)).length;
  const each = secondsPerTurn(models, meanAnswerMs(turns, models.length));
  return each === null ? null : Math.round(each * open);
}
