import { createHash } from 'node:crypto';
import type { ComparisonTurn, KeptRow, Vote } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { keptMark, keptRowOf } from '#core/comparisons/kept-row.ts';
import { isSettled, type StoredVote } from '#core/comparisons/turn-change.ts';
import type { ComparisonSession } from './comparison-session.ts';
import type { KeptAs, KeptRows } from './kept-rows.ts';

/** What a person says about a turn. */
export interface TurnActions {
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
  return {
    async vote(id, turn, vote) {
      const session = await open(id);
      const state = session.turn(turn);
      // Voting shows the names; before all have answered it would spoil the rest. What was stopped may be voted on as it is.
      const isComing = session.head().state === 'running' && !state.answers.every(isSettled);
      if (isComing) throw new ForgeError('comparison.turn-unfinished');
      await session.change([{ kind: 'voted', turn, vote: storedVote(session, turn, vote) }]);
      return session.viewTurn(turn);
    },
    async edit(id, turn, edited) {
      const session = await open(id);
      const stored =
        edited === null ? null : { model: session.modelAt(turn, edited.pane), text: edited.text.toWellFormed() };
      session.turn(turn);
      await session.change([{ kind: 'edited', turn, edited: stored }]);
      return session.viewTurn(turn);
    },
    async keep(id, turn, { as, rejectedPane }) {
      const session = await open(id);
      session.turn(turn);
      const row = keptRowOf(session.turns(), {
        comparison: id,
        turn,
        as,
        rejected: rejectedPane === null ? null : session.modelAt(turn, rejectedPane),
        systemPrompt: session.head().settings.systemPrompt,
        digest: (text) => createHash('sha256').update(text).digest('hex'),
      });
      // The row first: a mark without a row would be a loss, a row without its mark is only kept again.
      const path = await keptRows.keep(as, row);
      if (!session.turn(turn).kept.includes(as)) await session.change([{ kind: 'kept', turn, as, kept: true }]);
      return { row, path, turn: session.viewTurn(turn) };
    },
    async unkeep(id, turn, as) {
      const session = await open(id);
      session.turn(turn);
      await keptRows.unkeep(as, keptMark(id, turn));
      if (session.turn(turn).kept.includes(as)) await session.change([{ kind: 'kept', turn, as, kept: false }]);
      return session.viewTurn(turn);
    },
  };
}

function storedVote(session: ComparisonSession, turn: number, vote: Vote | null): StoredVote | null {
  if (vote === null || typeof vote === 'string') return vote;
  const model = session.modelAt(turn, vote.pane);
  if ((session.turn(turn).answers[model]?.text ?? '') === '') throw new ForgeError('comparison.no-answer');
  return { model };
}
