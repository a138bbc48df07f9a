import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, cloud, revealedTurn, revealedView, tuned, turnOf, viewOf } from './fixtures.ts';
import { columnsOf, firstLineOf, nextUnvoted, summarise } from './turn-rows.ts';

test('the first line of a text is found without reading all of it', () => {
  assert.equal(firstLineOf('\n\n  Hello \nworld'), 'Hello');
  assert.equal(firstLineOf('x'.repeat(200_000)).length, 160);
  assert.equal(firstLineOf(''), '');
});

test('while names are hidden the columns are letters', () => {
  const columns = columnsOf(viewOf());
  assert.deepEqual(
    columns.map(({ header }) => header),
    ['A', 'B'],
  );
  assert.equal(columns[1]?.answerOf(summarise(turnOf()))?.pane, 1);
});

test('with names the columns are models, wherever their panes were', () => {
  const shuffled = revealedTurn({
    answers: [
      answered(0, { model: cloud, label: 'gpt-mini (OpenAI)' }),
      answered(1, { model: tuned, label: 'support:v3' }),
    ],
  });
  const columns = columnsOf(revealedView());
  assert.deepEqual(
    columns.map(({ header }) => header),
    ['support:v3', 'gpt-mini (OpenAI)'],
  );
  assert.equal(columns[0]?.answerOf(summarise(shuffled))?.pane, 1);
});

test('one hidden name is enough for letters', () => {
  const view = revealedView({
    models: [
      { model: tuned, label: 'support:v3' },
      { model: null, label: 'Model 2' },
    ],
  });
  assert.deepEqual(
    columnsOf(view).map(({ header }) => header),
    ['A', 'B'],
  );
});

test('the next prompt without a vote comes after the present one, then from the beginning', () => {
  const rows = [turnOf(), revealedTurn({ turn: 1 }), turnOf({ turn: 2 }), undefined].map(
    (turn) => turn && summarise(turn),
  );
  assert.equal(nextUnvoted(rows, 0), 2);
  assert.equal(nextUnvoted(rows, 2), 0);
  assert.equal(nextUnvoted([summarise(revealedTurn())], 0), null);
});

test('a row says how the vote went', () => {
  const votes = [null, 'tie', 'none', { pane: 1 }] as const;
  assert.deepEqual(
    votes.map((vote) => summarise(turnOf({ vote })).vote),
    ['none-yet', 'tie', 'none', 'best'],
  );
  assert.deepEqual(
    summarise(turnOf({ vote: { pane: 1 } })).answers.map(({ isBest }) => isBest),
    [false, true],
  );
});
