import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRow } from '#contract/rows.ts';
import { labelledTexts } from '../../../scripts/pii-labelled/labelled-texts.ts';
import { sftRow, textRow } from '../fake-rows.ts';
import { textsOf } from '../row-texts.ts';
import { applyPii, type PiiPolicy } from './apply-pii.ts';
import { createPiiFinder } from './find-pii.ts';
import { findInRow } from './row-pii.ts';

const find = createPiiFinder();

function applied(row: CanonicalRow, policy: Partial<PiiPolicy>): CanonicalRow | null {
  return applyPii(row, findInRow(row, find), { otherwise: 'mask', seed: 1, ...policy });
}

function textOf(row: CanonicalRow | null): string[] {
  return row === null ? [] : textsOf(row).map(({ text }) => text);
}

test('one value has one mask in the whole conversation, another value another', () => {
  const row = sftRow(
    'I am anna@firm.org, card 4111 1111 1111 1111.',
    'Dear ANNA@firm.org, ben@firm.org has 4111-1111-1111-1111 too.',
  );
  assert.deepEqual(textOf(applied(row, {})), [
    'I am <EMAIL_1>, card <CARD_1>.',
    'Dear <EMAIL_1>, <EMAIL_2> has <CARD_1> too.',
  ]);
});

test('masks that were in the text before keep their numbers', () => {
  assert.deepEqual(textOf(applied(textRow('<EMAIL_3> wrote to a@b.org'), {})), ['<EMAIL_3> wrote to <EMAIL_4>']);
});

test('a fake has the kind of the value, is the same wherever the value stands, and another by another seed', () => {
  const row = textRow('anna@firm.org 4111 1111 1111 1111 123-45-6789 8.8.8.8; Anna@firm.org');
  const [text = ''] = textOf(applied(row, { otherwise: 'replace' }));
  assert.match(
    text,
    /^\S+@mail\.example 41\d\d \d{4} \d{4} \d{4} 9\d\d-\d\d-\d{4} 203\.0\.113\.\d+; \S+@mail\.example$/,
  );
  assert.equal(text.split(' ')[0], text.split(' ').at(-1));
  assert.deepEqual(textOf(applied(row, { otherwise: 'replace' })), [text]);
  assert.notDeepEqual(textOf(applied(row, { otherwise: 'replace', seed: 2 })), [text]);
});

test('nothing is found in a row that was masked or replaced', () => {
  for (const otherwise of ['mask', 'replace'] as const) {
    for (const { text } of labelledTexts(77, 4)) {
      const row = applied(textRow(text), { otherwise });
      const kinds = row === null ? [] : findInRow(row, find).map(({ kind }) => kind);
      assert.deepEqual(kinds, [], `${text} -> ${textOf(row).join()}`);
    }
  }
});

test('a row is dropped for a kind that is dropped, whatever becomes of the others', () => {
  const row = sftRow('a@b.org', 'eyJ no, but 8.8.8.8');
  assert.equal(applied(row, { byKind: { ipv4: 'drop' } }), null);
  assert.notEqual(applied(row, { byKind: { jwt: 'drop' } }), null);
});

test('findings for review are flags at their new places, and the row waits for a person', () => {
  const row = sftRow('longer@firm.org and 8.8.8.8', 'ok', {
    flags: [
      { check: 'pii', code: 'email' },
      { check: 'language', code: 'de' },
    ],
  });
  const reviewed = applied(row, { byKind: { ipv4: 'review' } });
  assert.deepEqual(textOf(reviewed), ['<EMAIL_1> and 8.8.8.8', 'ok']);
  assert.deepEqual(reviewed?.flags, [
    { check: 'language', code: 'de' },
    { check: 'pii', code: 'ipv4', place: 'messages.0.content', span: [14, 21] },
  ]);
  assert.equal(reviewed?.training_eligible, 'review');
  assert.equal(applied({ ...row, training_eligible: false }, { otherwise: 'review' })?.training_eligible, false);
});

test('a row without findings stays as it is', () => {
  const row = sftRow('Nothing here.', 'Indeed.');
  assert.deepEqual(applied(row, { otherwise: 'review' }), row);
});
