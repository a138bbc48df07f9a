import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowOf } from '../fixtures.ts';
import { countKinds, kindOf, rowDifference } from './row-difference.ts';
import { reportOf } from './script-states.ts';

const before = rowOf();

test('each row is of one kind: changed, left out, several, as it was', () => {
  const { examples } = reportOf().tried;
  assert.deepEqual(examples.map(kindOf), ['changed', 'changed', 'dropped', 'several', 'same']);
  assert.deepEqual(countKinds(examples), { changed: 2, dropped: 1, several: 1, same: 1 });
});

test('only the text that changed is laid over the other one, word by word', () => {
  const [system, user] = before.messages;
  assert.ok(system !== undefined && user !== undefined);
  const { texts } = rowDifference(before, {
    ...before,
    messages: [system, user, { role: 'assistant', content: 'I am sorry. It left our house on Monday.' }],
  });
  assert.deepEqual(
    texts.map(({ isSame }) => isSame),
    [true, true, false],
  );
  const kinds = new Set(texts[2]?.parts.map(({ kind }) => kind));
  assert.deepEqual([...kinds].toSorted(), ['left', 'right', 'same']);
});

test('other fields that differ are told, and those that are not the script’s are not', () => {
  const { fields } = rowDifference(before, { ...before, id: 'other', group: 'x', lang: 'de', flags: [] });
  assert.deepEqual(
    fields.map(({ field, before: was, after: is }) => [field, was, is]),
    [
      ['lang', '"en"', '"de"'],
      ['flags', before.flags.map(({ code }) => code).join(', '), ''],
    ],
  );
});

test('a row that is left out shows every text as taken away', () => {
  const { texts, fields } = rowDifference(before, null);
  assert.equal(texts.length, 3);
  assert.ok(texts.every(({ parts }) => parts.every(({ kind }) => kind === 'left')));
  assert.deepEqual(fields, []);
});
