import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leafPaths } from './leaf-paths.ts';
import { mappedValue } from './mapped-record.ts';

const record = {
  key: 'a',
  ticket: { subject: 's', tags: ['x', 'y'], from: { name: 'n' } },
  replies: [{ text: 'first' }, { text: 'second' }],
  messages: [{ role: 'user', content: 'q' }],
  empty: {},
  none: null,
};

test('the texts of a nested record are named by their paths, and a mapping finds them there', () => {
  const paths = leafPaths(record);
  assert.deepEqual(paths, [
    ...['key', 'ticket.subject', 'ticket.tags', 'ticket.from.name', 'replies.0.text', 'messages', 'empty', 'none'],
  ]);
  assert.equal(mappedValue(record, 'ticket.from.name'), 'n');
  assert.equal(mappedValue(record, 'replies.0.text'), 'first');
});

test('a record of any depth gives no path deeper than four', () => {
  let deep: Record<string, unknown> = { end: 1 };
  for (let level = 0; level < 50; level += 1) deep = { in: deep };
  assert.deepEqual(leafPaths(deep), ['in.in.in.in']);
});
