import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applyEvent,
  applyTurns,
  canVote,
  isVotable,
  liveKey,
  newestFinished,
  noTurns,
  wholeTurns,
  wholeTurnsKept,
} from './comparison-turns.ts';
import type { ComparisonView } from '#contract/comparisons.ts';
import { answered, turnOf, viewOf } from './fixtures.ts';
import { createLiveTexts } from './live-texts.ts';

const reading = () => ({ live: createLiveTexts(), keeps: () => false });
const streaming = (text: string) => turnOf({ answers: [answered(0, { state: 'streaming', text }), answered(1)] });

test('pieces of text go to the live texts and change nothing that React draws', () => {
  const into = reading();
  const before = applyEvent(noTurns, { kind: 'turn', turn: streaming('Hel') }, into);
  const after = applyEvent(before, { kind: 'delta', turn: 0, pane: 0, text: 'lo' }, into);
  assert.equal(after, before);
  assert.equal(into.live.read(liveKey(0, 0)), 'Hello');
});

test('a whole turn replaces what the pieces gave, and a finished one forgets them', () => {
  const into = reading();
  const first = applyEvent(noTurns, { kind: 'turn', turn: streaming('Half') }, into);
  applyEvent(first, { kind: 'turn', turn: streaming('Half a sentence') }, into);
  assert.equal(into.live.read(liveKey(0, 0)), 'Half a sentence');
  const done = applyEvent(first, { kind: 'turn', turn: turnOf() }, into);
  assert.equal(into.live.read(liveKey(0, 0)), '');
  assert.equal(done.turns.get(0)?.answers[0]?.state, 'done');
});

test('a finished turn does not forget the texts of a turn whose number begins with the same digit', () => {
  const into = reading();
  applyTurns(noTurns, [{ ...streaming('eleven'), turn: 11 }, turnOf({ turn: 1 })], into);
  assert.equal(into.live.read(liveKey(11, 0)), 'eleven');
});

test('of a long set only the newest turns are kept whole, with the open one and the unfinished ones', () => {
  const turns = Array.from({ length: 200 }, (_, turn) => (turn === 3 ? { ...streaming(''), turn } : turnOf({ turn })));
  const state = applyTurns(noTurns, turns, { live: createLiveTexts(), keeps: (turn) => turn === 7 });
  assert.equal(state.turns.size, wholeTurnsKept);
  assert.ok(state.turns.has(3) && state.turns.has(7) && state.turns.has(199) && !state.turns.has(8));
  assert.equal(state.rows.length, 200);
});

test('turns are shown in their order from the first shown, and keys act on the newest that is finished', () => {
  const state = applyTurns(
    noTurns,
    [turnOf({ turn: 2 }), turnOf({ turn: 1 }), turnOf({ turn: 0 }), { ...streaming(''), turn: 3 }],
    reading(),
  );
  const shown = wholeTurns(state, 1);
  assert.deepEqual(
    shown.map(({ turn }) => turn),
    [1, 2, 3],
  );
  assert.equal(newestFinished(shown)?.turn, 2);
});

test('a turn with a stopped answer cannot be voted on, one with a failed answer can', () => {
  assert.equal(isVotable(turnOf({ answers: [answered(0), answered(1, { state: 'stopped' })] })), false);
  assert.equal(isVotable(turnOf({ answers: [answered(0), answered(1, { state: 'failed' })] })), true);
});

test('a failed answer cannot be the best, but the others can be voted on', () => {
  const turn = turnOf({ answers: [answered(0), answered(1, { state: 'failed' })] });
  assert.deepEqual(
    [{ pane: 0 }, { pane: 1 }, 'tie' as const].map((vote) => canVote(turn, vote)),
    [true, false, true],
  );
  assert.equal(canVote(turnOf({ answers: [answered(0), answered(1, { state: 'stopped' })] }), 'tie'), false);
});

test('a set is told from a conversation', () => {
  const seen = (view: ComparisonView, before = noTurns) => applyEvent(before, { kind: 'view', view }, reading());
  assert.equal(seen(viewOf({ turns: 3, finishedTurns: 3, isSet: false })).isSet, false);
  assert.equal(seen(viewOf({ turns: 3, finishedTurns: 3, isSet: true })).isSet, true);
  const { isSet: _unsaid, ...older } = viewOf({ turns: 20, finishedTurns: 4 });
  assert.equal(seen(older).isSet, true);
  assert.equal(seen({ ...older, finishedTurns: 20 }, seen(older)).isSet, true);
});
