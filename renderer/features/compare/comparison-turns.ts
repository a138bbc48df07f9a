import type { ComparedAnswer, ComparisonEvent, ComparisonTurn, ComparisonView, Vote } from '#contract/comparisons.ts';
import type { LiveTexts } from './live-texts.ts';
import { summarise, type TurnRow } from './turn-rows.ts';

/** What is known of one comparison. */
export interface ComparisonTurns {
  readonly view: ComparisonView | null;
  /** A line for each turn, by its number; a hole where it was not read yet. */
  readonly rows: readonly (TurnRow | undefined)[];
  /** Turns with their whole texts: the newest, those that are not finished, and the one that is open. */
  readonly turns: ReadonlyMap<number, ComparisonTurn>;
  /** Many prompts at once: the table is shown first. Once known it stays, also when all is answered. */
  readonly isSet: boolean;
}

export const noTurns: ComparisonTurns = { view: null, rows: [], turns: new Map(), isSet: false };

/** Where pieces of text go, and which turns are on the page now. */
export interface TurnsReading {
  readonly live: LiveTexts;
  readonly keeps: (turn: number) => boolean;
}

/** Turns that are kept whole beside those on the page; an answer may have 100,000 characters, a set 2,000 prompts. */
export const wholeTurnsKept = 40;

/** Takes one event in. Pieces of text go to `live` and change nothing else, so that nothing is drawn anew for them. */
export function applyEvent(
  state: ComparisonTurns,
  event: ComparisonEvent,
  { live, keeps }: TurnsReading,
): ComparisonTurns {
  switch (event.kind) {
    case 'view':
      return { ...state, view: event.view, isSet: looksLikeSet({ ...state, view: event.view }) };
    case 'delta':
      live.append(liveKey(event.turn, event.pane), event.text);
      return state;
    case 'turn':
      return applyTurns(state, [event.turn], { live, keeps });
  }
}

/** Takes whole turns in, from an event or from a page that was read. */
export function applyTurns(
  state: ComparisonTurns,
  changed: readonly ComparisonTurn[],
  { live, keeps }: TurnsReading,
): ComparisonTurns {
  const rows = [...state.rows];
  const turns = new Map(state.turns);
  for (const turn of changed) {
    rows[turn.turn] = summarise(turn);
    turns.set(turn.turn, turn);
    if (isFinished(turn)) live.forget(`${turn.turn}:`);
    else for (const { pane, text } of turn.answers) live.set(liveKey(turn.turn, pane), text);
  }
  return { ...state, rows, turns: pruned(turns, keeps), isSet: looksLikeSet({ ...state, rows }) };
}

function pruned(
  turns: ReadonlyMap<number, ComparisonTurn>,
  keeps: TurnsReading['keeps'],
): ReadonlyMap<number, ComparisonTurn> {
  const excess = turns.size - wholeTurnsKept;
  if (excess <= 0) return turns;
  const dropped = [...turns.values()]
    .filter((turn) => !keeps(turn.turn) && isFinished(turn))
    .map(({ turn }) => turn)
    .sort((a, b) => a - b)
    .slice(0, excess);
  const kept = new Map(turns);
  for (const turn of dropped) kept.delete(turn);
  return kept;
}

/** The place of an answer's growing text. */
export function liveKey(turn: number, pane: number): string {
  return `${turn}:${pane}`;
}

const endStates: readonly ComparedAnswer['state'][] = ['done', 'failed', 'stopped'];

export function isEnded({ state }: Pick<ComparedAnswer, 'state'>): boolean {
  return endStates.includes(state);
}

/** True when every pane answered or failed: it can be voted on. */
export function isVotable({ answers }: Pick<ComparisonTurn, 'answers'>): boolean {
  return answers.every(({ state }) => state === 'done' || state === 'failed');
}

/** A vote needs all answers, and a best one has to be an answer. */
export function canVote(turn: Pick<ComparisonTurn, 'answers'>, vote: Vote): boolean {
  if (!isVotable(turn)) return false;
  return typeof vote === 'string' || turn.answers.find(({ pane }) => pane === vote.pane)?.state === 'done';
}

/** True when no pane writes any more. */
export function isFinished({ answers }: Pick<ComparisonTurn, 'answers'>): boolean {
  return answers.every(isEnded);
}

/** Turns that are here as a whole, in their order, from `first` on. */
export function wholeTurns({ turns }: Pick<ComparisonTurns, 'turns'>, first: number): readonly ComparisonTurn[] {
  return [...turns.values()].filter(({ turn }) => turn >= first).sort((a, b) => a.turn - b.turn);
}

/** The turn that keys act on: the newest that nobody writes in any more. */
export function newestFinished(turns: readonly ComparisonTurn[]): ComparisonTurn | null {
  return turns.findLast(isFinished) ?? null;
}

/** Engines that do not say it are judged by what only a set has. */
function looksLikeSet({ view, rows, isSet }: Omit<ComparisonTurns, 'turns'>): boolean {
  if (view === null || view.turns < 2) return isSet;
  return view.isSet ?? (isSet || view.turns - view.finishedTurns > 1 || rows.some((row) => row?.hasExpected === true));
}
