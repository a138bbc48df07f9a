import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sftRow, textRow } from '../fake-rows.ts';
import { takeResults } from './take-results.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const before = sftRow('Question?', 'Answer.', { id: 'a'.repeat(32), group: 'pair-7' });

function taken(result: unknown, row = before) {
  const got = takeResults(row, [result], digest);
  assert.ok(got.ok, got.ok ? '' : got.reason);
  return got;
}

test('a row that comes back as it was is unchanged, to the byte', () => {
  const got = taken(structuredClone(before));
  assert.equal(got.isUnchanged, true);
  assert.equal(got.rows[0], before);
});

test('a changed text gets the id of its content and keeps group and source', () => {
  const got = taken({
    ...before,
    messages: [before.kind === 'sft' && before.messages[0], { role: 'assistant', content: 'Better.' }],
  });
  const [row] = got.rows;
  assert.equal(got.isUnchanged, false);
  assert.equal(got.restored, 0);
  assert.match(row?.id ?? '', /^[0-9a-f]{32}$/);
  assert.notEqual(row?.id, before.id);
  assert.deepEqual([row?.group, row?.source], [before.group, before.source]);
});

test('a script can forge neither source, group nor id, and it is counted', () => {
  const got = taken({ ...before, id: 'mine', group: 'other', source: { type: 'file', uri: 'elsewhere' } });
  assert.equal(got.restored, 3);
  assert.deepEqual([got.rows[0]?.group, got.rows[0]?.source], [before.group, before.source]);
});

test('a script may take the leave to train away, never give it', () => {
  const review = { ...before, training_eligible: 'review' as const };
  assert.equal(taken({ ...before, training_eligible: false }).rows[0]?.training_eligible, false);
  const got = taken({ ...review, training_eligible: true }, review);
  assert.deepEqual([got.rows[0]?.training_eligible, got.restored], ['review', 1]);
});

test('rows that came out of one row stay in its leak group', () => {
  const source = textRow('one. two.', { group: 'document-3' });
  const got = takeResults(
    source,
    ['one.', 'two.'].map((text) => ({ ...source, text, group: text })),
    digest,
  );
  assert.deepEqual(got.ok && got.rows.map(({ group }) => group), ['document-3', 'document-3']);
});

test('flags with a span go when the text changes, others stay', () => {
  const flags = [
    { check: 'pii', code: 'email', place: 'text', span: [0, 3] as [number, number] },
    { check: 'import', code: 'DUP_KEY' },
  ];
  const source = textRow('a@b.de', { flags });
  assert.deepEqual(taken({ ...source, text: 'masked' }, source).rows[0]?.flags, [flags[1]]);
});

const wrong: readonly [string, unknown, RegExp][] = [
  ['no row at all', { hello: 1 }, /kind/],
  ['a number', 7, /no object/],
  [
    'an answer that is no text',
    {
      ...before,
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 5 },
      ],
    },
    /messages\.1\.content/,
  ],
  [
    'an unknown role',
    {
      ...before,
      messages: [
        { role: 'root', content: 'x' },
        { role: 'assistant', content: 'y' },
      ],
    },
    /messages\.0\.role/,
  ],
  [
    'an empty answer',
    {
      ...before,
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: ' ' },
      ],
    },
    /empty/i,
  ],
  [
    'two questions and no answer',
    {
      ...before,
      messages: [
        { role: 'user', content: 'x' },
        { role: 'user', content: 'y' },
      ],
    },
    /user/,
  ],
];
for (const [what, result, reason] of wrong)
  test(`${what} is refused with the reason`, () => {
    const got = takeResults(before, [result], digest);
    assert.ok(!got.ok);
    assert.match(got.reason, reason);
  });
