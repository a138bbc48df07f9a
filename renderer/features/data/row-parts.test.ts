import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRow } from '#contract/rows.ts';
import { partPairs, rowParts } from './row-parts.ts';

const shared = { group: 'g', source: { type: 'file' as const, uri: 'a' }, training_eligible: true, flags: [] };

function sft(...messages: readonly (readonly ['system' | 'user' | 'assistant', string])[]): CanonicalRow {
  return { ...shared, id: 'a', kind: 'sft', messages: messages.map(([role, content]) => ({ role, content })) };
}

test('messages are paired by who says them, and one that was put in stands alone', () => {
  assert.deepEqual(
    partPairs(
      sft(['user', 'Hi'], ['assistant', 'Yes']),
      sft(['system', 'Be kind'], ['user', 'Hi'], ['assistant', 'No']),
    ),
    [
      { word: 'role_system', before: null, after: 'Be kind' },
      { word: 'role_user', before: 'Hi', after: 'Hi' },
      { word: 'role_assistant', before: 'Yes', after: 'No' },
    ],
  );
});

test('a message that went away stands alone at the end', () => {
  const pairs = partPairs(
    sft(['user', '1'], ['assistant', '2'], ['user', '3'], ['assistant', '4']),
    sft(['user', '1'], ['assistant', '2']),
  );
  assert.deepEqual(pairs.slice(2), [
    { word: 'role_user', before: '3', after: null },
    { word: 'role_assistant', before: '4', after: null },
  ]);
});

test('a row that became another kind shows both of its answers', () => {
  const before = sft(['user', 'Hi'], ['assistant', 'Yes']);
  const after: CanonicalRow = {
    ...{ ...shared, id: 'b', kind: 'preference', prompt: [{ role: 'user', content: 'Hi' }] },
    ...{ chosen: [{ role: 'assistant', content: 'Yes' }], rejected: [{ role: 'assistant', content: 'No' }] },
  };
  assert.deepEqual(
    partPairs(before, after).map(({ word }) => word),
    ['role_user', 'chosen', 'rejectedAnswer', 'role_assistant'],
  );
});

test('a call of a tool is part of what is compared', () => {
  const row: CanonicalRow = {
    ...shared,
    id: 'a',
    kind: 'sft',
    messages: [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: '', tool_calls: [{ name: 'weather', arguments: '{"city":"Bonn"}' }] },
    ],
  };
  assert.equal(rowParts(row)[1]?.text, 'weather({"city":"Bonn"})');
});
