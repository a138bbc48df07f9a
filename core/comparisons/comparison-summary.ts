import type { ComparisonView } from '#contract/comparisons.ts';
import type { ComparedEntry } from './compared-entry.ts';
import { isFinished, type TurnState } from './turn-change.ts';
import { isOpen } from './turn-view.ts';

export type ComparisonSummary = Pick<
  ComparisonView,
  'models' | 'isSet' | 'turns' | 'finishedTurns' | 'tally' | 'meanPoints'
>;

/** What all turns say together. Names, and figures from which one could guess them, come only when every turn may show them. */
export function summariseTurns(
  turns: readonly TurnState[],
  audience: { models: readonly ComparedEntry[]; blind: boolean },
): ComparisonSummary {
  const { models } = audience;
  const open = turns.filter((turn) => isOpen(turn, audience));
  const isAllOpen = open.length === turns.length && (turns.length > 0 || !audience.blind);
  return {
    models: models.map(({ model, label }, index) =>
      isAllOpen ? { model, label } : { model: null, label: `Model ${index + 1}` },
    ),
    isSet: turns.filter(({ follows }) => follows === null).length > 1,
    turns: turns.length,
    finishedTurns: turns.filter(isFinished).length,
    tally: tallyOf(open, models),
    meanPoints: isAllOpen ? meanPoints(turns, models) : null,
  };
}

function tallyOf(turns: readonly TurnState[], models: readonly ComparedEntry[]): ComparisonView['tally'] {
  const byModel: Record<string, number> = {};
  const tally = { byModel, ties: 0, none: 0 };
  if (turns.length > 0) for (const { label } of models) byModel[label] = 0;
  for (const { vote } of turns) {
    if (vote === 'tie') tally.ties += 1;
    else if (vote === 'none') tally.none += 1;
    else if (vote !== null) {
      const label = models[vote.model]?.label;
      if (label !== undefined) byModel[label] = (byModel[label] ?? 0) + 1;
    }
  }
  return tally;
}

/** Means over the turns that all models answered, so that the same prompts stand on both sides. Null where nothing was scored. */
function meanPoints(turns: readonly TurnState[], models: readonly ComparedEntry[]): Record<string, number> | null {
  const scored = turns.filter(({ answers }) => answers.every(({ points }) => points !== null));
  if (scored.length === 0) return null;
  return Object.fromEntries(
    models.map(({ label }, model) => {
      const sum = scored.reduce((total, { answers }) => total + (answers[model]?.points ?? 0), 0);
      return [label, sum / scored.length];
    }),
  );
}
