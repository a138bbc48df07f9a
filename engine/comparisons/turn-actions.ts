import { createHash } from 'node:crypto';
import type { ComparisonTurn, KeptRow, Vote } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { keptMark, keptRowOf } from '#core/comparisons/kept-row.ts';
import { isSettled, type StoredVote } from '#core/comparisons/turn-change.ts';
import { oneByOne } from '../one-by-one.ts';
import type { ComparisonSession } from './comparison-session.ts';
import type { KeptAs, KeptRows } from './kept-rows.ts';

/** What a person says about a turn. */
export interface TurnActions {
  /** What was kept of the turn follows the vote and the edit; `kept` says what is left of it. */
  vote(id: string, turn: number, vote: Vote | null): Promise<ComparisonTurn>;
  edit(id: string, turn: number, edited: { pane: number; text: string } | null): Promise<ComparisonTurn>;
  keep(
    id: string,
    turn: number,
    wish: { as: KeptAs; rejectedPane: number | null },
  ): Promise<{ row: KeptRow; path: string; turn: ComparisonTurn }>;
  unkeep(id: string, turn: number, as: KeptAs): Promise<ComparisonTurn>;
}

export interface TurnActionsOptions {
  readonly session: (id: string) => Promise<ComparisonSession>;
  readonly keptRows: KeptRows;
}

export function createTurnActions({ session: open, keptRows }: TurnActionsOptions): TurnActions {
  // One after the other: a row that is kept while its answer is edited would be the old one.
  const inTurn = oneByOne();
  return {
    vote: (id, turn, vote) =>
      inTurn(async () => {
        const session = await open(id);
        const state = session.turn(turn);
        // Voting shows the names; before all have answered it would spoil the rest. What was stopped may be voted on as it is.
        const isComing = session.head().state === 'running' && !state.answers.every(isSettled);
        if (isComing) throw new ForgeError('comparison.turn-unfinished');
        await session.change([{ kind: 'voted', turn, vote: storedVote(session, turn, vote) }]);
        return renewKept(session, turn, keptRows);
      }),
    edit: (id, turn, edited) =>
      inTurn(async () => {
        const session = await open(id);
        const stored =
          edited === null ? null : { model: session.modelAt(turn, edited.pane), text: edited.text.toWellFormed() };
        session.turn(turn);
        await session.change([{ kind: 'edited', turn, edited: stored }]);
        return renewKept(session, turn, keptRows);
      }),
    keep: (id, turn, { as, rejectedPane }) =>
      inTurn(async () => {
        const session = await open(id);
        const known = session.turn(turn);
        const named = rejectedPane === null ? known.keptAgainst : session.modelAt(turn, rejectedPane);
        const rejected = as === 'preference' ? named : null;
        // Undo names no pane: what was named before stands, where it still is the worse half.
        const remembered = rejectedPane === null ? rowThatIsPossible(session, turn, { as, rejected }) : null;
        const row = remembered ?? rowOf(session, turn, { as, rejected: rejectedPane === null ? null : rejected });
        // The row first: a mark without a row would be a loss, a row without its mark is only kept again.
        const path = await keptRows.keep(as, row);
        if (!known.kept.includes(as) || (as === 'preference' && rejected !== known.keptAgainst))
          await session.change([{ kind: 'kept', turn, as, kept: true, rejected }]);
        return { row, path, turn: session.viewTurn(turn) };
      }),
    unkeep: (id, turn, as) =>
      inTurn(async () => {
        const session = await open(id);
        session.turn(turn);
        await takeOut(session, turn, { as, keptRows });
        return session.viewTurn(turn);
      }),
  };
}

/**
 * After a vote or an edit: what was kept of the turn is made anew, so that what is learned is what the person last wished for. A row
 * that cannot be made any more (nothing is wished for, or both halves of a pair are the same) is taken out.
 */
async function renewKept(session: ComparisonSession, turn: number, keptRows: KeptRows): Promise<ComparisonTurn> {
  const { kept, keptAgainst } = session.turn(turn);
  for (const as of kept) {
    const row = rowThatIsPossible(session, turn, { as, rejected: as === 'preference' ? keptAgainst : null });
    if (row === null) await takeOut(session, turn, { as, keptRows });
    else await keptRows.keep(as, row);
  }
  return session.viewTurn(turn);
}

interface WishedRow {
  readonly as: KeptAs;
  readonly rejected: number | null;
}

function rowOf(session: ComparisonSession, turn: number, { as, rejected }: WishedRow): KeptRow {
  const { id, settings } = session.head();
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  return keptRowOf(session.turns(), {
    ...{ comparison: id, turn, as, rejected, digest },
    systemPrompt: settings.systemPrompt,
  });
}

/** Where the named half of a pair became the better one, the half that is clearly worse takes its place. */
function rowThatIsPossible(session: ComparisonSession, turn: number, wish: WishedRow): KeptRow | null {
  for (const rejected of new Set([wish.rejected, null])) {
    try {
      return rowOf(session, turn, { ...wish, rejected });
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
    }
  }
  return null;
}

async function takeOut(
  session: ComparisonSession,
  turn: number,
  { as, keptRows }: { readonly as: KeptAs; readonly keptRows: KeptRows },
): Promise<void> {
  await keptRows.unkeep(as, keptMark(session.head().id, turn));
  if (session.turn(turn).kept.includes(as)) await session.change([{ kind: 'kept', turn, as, kept: false }]);
}

function storedVote(session: ComparisonSession, turn: number, vote: Vote | null): StoredVote | null {
  if (vote === null || typeof vote === 'string') return vote;
  const model = session.modelAt(turn, vote.pane);
  if ((session.turn(turn).answers[model]?.text ?? '') === '') throw new ForgeError('comparison.no-answer');
  return { model };
}
