import type { ComparedAnswer, ComparedModel, ComparisonTurn, ComparisonView } from '#contract/comparisons.ts';
import { modelKey, paneLetter } from './compared-models.ts';

/** What the table of a set shows of an answer. */
export interface RowAnswer {
  readonly pane: number;
  readonly label: string;
  /** Key of the model; null while it is hidden. */
  readonly model: string | null;
  readonly state: ComparedAnswer['state'];
  readonly firstLine: string;
  readonly points: number | null;
  readonly isBest: boolean;
}

/** One turn as a line of the table; texts are cut, so that 2,000 of them weigh little. */
export interface TurnRow {
  readonly turn: number;
  readonly prompt: string;
  readonly answers: readonly RowAnswer[];
  readonly vote: 'none-yet' | 'best' | 'tie' | 'none';
  readonly isRevealed: boolean;
  readonly isEdited: boolean;
  readonly hasExpected: boolean;
  readonly kept: ComparisonTurn['kept'];
}

const longestLine = 160;

/** The first line that says something, cut to what a cell can show. */
export function firstLineOf(text: string): string {
  // Only the beginning is looked at: a text may have 200,000 characters.
  const beginning = text.slice(0, longestLine * 8).trimStart();
  const line = beginning.split('\n', 1)[0]?.trimEnd() ?? '';
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
}

export function summarise(turn: ComparisonTurn): TurnRow {
  const best = bestPane(turn.vote);
  return {
    turn: turn.turn,
    prompt: firstLineOf(turn.prompt),
    answers: turn.answers.map((answer) => ({
      pane: answer.pane,
      label: answer.label,
      model: answer.model === null ? null : modelKey(answer.model),
      state: answer.state,
      firstLine: firstLineOf(answer.text),
      points: answer.points,
      isBest: answer.pane === best,
    })),
    vote: turn.vote === null ? 'none-yet' : typeof turn.vote === 'string' ? turn.vote : 'best',
    isRevealed: turn.revealed,
    isEdited: turn.edited !== null,
    hasExpected: turn.expected !== null,
    kept: turn.kept,
  };
}

/** The pane that was voted best, if one was. */
export function bestPane(vote: ComparisonTurn['vote']): number | null {
  return typeof vote === 'object' && vote !== null ? vote.pane : null;
}

export interface SetColumn {
  readonly id: string;
  readonly header: string;
  /** Under a letter the model behind it changes from row to row, so a revealed cell names it. */
  readonly namesModels: boolean;
  readonly answerOf: (row: TurnRow) => RowAnswer | undefined;
}

/** A column for each model; a column for each letter as long as any name is hidden. */
export function columnsOf(view: Pick<ComparisonView, 'models'>): readonly SetColumn[] {
  const known = view.models.flatMap(({ model }) => model ?? []);
  if (known.length === view.models.length) return view.models.map(({ label }, index) => byModel(label, known[index]));
  return view.models.map((_, pane) => ({
    id: `pane-${pane}`,
    header: paneLetter(pane),
    namesModels: true,
    answerOf: ({ answers }) => answers.find((answer) => answer.pane === pane),
  }));
}

function byModel(label: string, model: ComparedModel | undefined): SetColumn {
  const key = model === undefined ? '' : modelKey(model);
  return {
    id: key,
    header: label,
    namesModels: false,
    answerOf: ({ answers }) => answers.find((answer) => answer.model === key),
  };
}

/** The next turn that was not voted on, after `turn` and then from the beginning; null when there is none. */
export function nextUnvoted(rows: readonly (TurnRow | undefined)[], turn: number): number | null {
  const open = rows.filter((row): row is TurnRow => row !== undefined && row.vote === 'none-yet' && row.turn !== turn);
  return (open.find((row) => row.turn > turn) ?? open[0])?.turn ?? null;
}
