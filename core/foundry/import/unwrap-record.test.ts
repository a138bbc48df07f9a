import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CutRecord } from '../record-source.ts';
import { unwrapRecord } from './unwrap-record.ts';

const place = { line: 1, byteOffset: 0, byteLength: 9, flags: [] } as const;
const items = [
  { question: 'q', answer: 'a' },
  { question: 'r', answer: 'b' },
];

function inside(value: unknown, mapping: Parameters<typeof unwrapRecord>[1] = null): unknown[] {
  return unwrapRecord({ ...place, kind: 'value', value }, mapping).map(
    (record) => record.kind === 'value' && record.value,
  );
}

test('records come out of an object around them, also when a mapping names their columns', () => {
  assert.deepEqual(inside({ exported: '2026', items }), items);
  const nested = [{ dialog: { q: 'q' }, a: '1' }];
  assert.deepEqual(inside({ rows: nested, count: 1 }, { prompt: '{dialog.q}', answer: 'a' }), nested);
});

test('records come out of objects in objects around them', () => {
  assert.deepEqual(inside({ exported: '2026', data: { total: 2, items } }), items);
  assert.deepEqual(inside({ meta: { by: 'x', of: [1] }, data: { items } }), items);
  const deep = { a: { b: { c: { items } } } };
  assert.deepEqual(inside(deep), [deep], 'not out of any depth');
});

test('a question in one part and replies in another belong together', () => {
  const thread = { question: { title: 't', body: 'b?' }, replies: [{ text: 'r' }, { text: 's' }] };
  assert.deepEqual(inside(thread), [thread]);
});

test('a record that is one stays one: messages, preferences, tools, mapped columns, two lists, bad records', () => {
  const records: unknown[] = [
    {
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'a' },
      ],
      tools: [{ type: 'function' }],
    },
    { question: 'q', answer: 'a', sources: [{ url: 'x' }] },
    { conversations: [{ from: 'human', value: 'q' }] },
    { one: items, two: items },
    { empty: [] },
    { mixed: [{ a: 1 }, 2] },
    items,
    'text',
  ];
  for (const record of records) assert.deepEqual(inside(record), [record], JSON.stringify(record));
  const mapped = { title: 't', parts: [{ x: 1 }] };
  assert.deepEqual(inside(mapped, { prompt: 'title' }), [mapped]);
  const bad: CutRecord = { ...place, kind: 'bad', reason: 'BAD_JSON', message: 'm', head: new Uint8Array() };
  assert.deepEqual(unwrapRecord(bad, null), [bad]);
});
