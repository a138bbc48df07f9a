import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, turnOf } from './fixtures.ts';
import {
  clearRejected,
  exampleObstacle,
  paneToEdit,
  panesToDiffer,
  preferenceObstacle,
  rejectable,
  wishedAnswer,
} from './keeping.ts';

const answers = [answered(0, { text: 'good' }), answered(1, { text: 'bad' }), answered(2, { text: 'worse' })];
const two = answers.slice(0, 2);

test('the edited answer is learned, else the one voted best, else none', () => {
  assert.deepEqual(wishedAnswer(turnOf({ answers, vote: { pane: 1 }, edited: { pane: 0, text: 'best' } })), {
    pane: 0,
    text: 'best',
  });
  assert.deepEqual(wishedAnswer(turnOf({ answers, vote: { pane: 1 } })), { pane: 1, text: 'bad' });
  assert.equal(wishedAnswer(turnOf({ answers, vote: 'tie' })), null);
});

test('nothing is kept before all have answered, or before something was chosen', () => {
  assert.equal(
    exampleObstacle(turnOf({ answers: [answered(0), answered(1, { state: 'streaming' })], vote: null })),
    'unfinished',
  );
  assert.equal(exampleObstacle(turnOf({ answers, vote: 'none' })), 'nothing-chosen');
  assert.equal(exampleObstacle(turnOf({ answers, vote: { pane: 0 } })), null);
});

test('of two answers the other one is rejected; an edited answer stands against its own original', () => {
  assert.equal(clearRejected(turnOf({ answers: two, vote: { pane: 0 } })), 1);
  assert.equal(clearRejected(turnOf({ answers, edited: { pane: 2, text: 'best' } })), 2);
});

test('of three answers the person says which one is rejected', () => {
  const turn = turnOf({ answers, vote: { pane: 0 } });
  assert.equal(clearRejected(turn), null);
  assert.deepEqual(
    rejectable(turn).map(({ pane }) => pane),
    [1, 2],
  );
});

test('an equal, an empty or a failed answer is no worse half of a pair', () => {
  const turn = turnOf({
    answers: [
      answered(0, { text: 'good' }),
      answered(1, { text: 'good' }),
      answered(2, { text: '' }),
      answered(3, { state: 'failed', text: 'half' }),
    ],
    vote: { pane: 0 },
  });
  assert.equal(preferenceObstacle(turn), 'nothing-worse');
  assert.equal(exampleObstacle(turn), null);
});

test('E edits the focused answer, else the best, else the first that answered', () => {
  assert.equal(paneToEdit(turnOf({ answers, vote: { pane: 1 } }), 2), 2);
  assert.equal(paneToEdit(turnOf({ answers, vote: { pane: 1 } }), null), 1);
  assert.equal(paneToEdit(turnOf({ answers: [answered(0, { text: '' }), answered(1, { text: 'yes' })] }), null), 1);
});

test('the best answer is laid over its neighbour, and one answer alone over nothing', () => {
  assert.deepEqual(panesToDiffer(turnOf({ answers, vote: { pane: 2 } })), [0, 2]);
  assert.equal(panesToDiffer(turnOf({ answers: [answered(0), answered(1, { text: '' })] })), null);
});
