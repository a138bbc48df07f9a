import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CanonicalRow } from '#contract/rows.ts';
import { sftRow, textRow } from '../fake-rows.ts';
import { comparedText, type ComparedPart } from './compared-text.ts';
import { createExactDuplicates, foldExactly } from './exact-duplicates.ts';

const digest = (text: string): Uint8Array => hash('sha256', text, 'buffer');

function earlierOf(texts: readonly string[]): number[] {
  const duplicates = createExactDuplicates(digest);
  return texts.map((text) => duplicates.add(text));
}

const earlierBy = (rows: readonly CanonicalRow[], part: ComparedPart) =>
  earlierOf(rows.map((row) => comparedText(row, part)));

test('Unicode form, case and runs of spaces do not tell texts apart; punctuation does (D-9)', () => {
  const texts = ['The  café\n', 'the CAFE\u0301', ' the\tcafé ', 'ﬁle', 'FILE', 'file.', 'a\u00a0b', 'a b'];
  assert.deepEqual(earlierOf(texts), [-1, 0, 0, -1, 3, -1, -1, 6]);
  assert.equal(foldExactly(' A\r\n  b\u3000C '), 'a b c');
});

test('rows are compared by prompt, by answer or by both', () => {
  const rows = [sftRow('Why?', 'So.'), sftRow('why?', 'No.'), sftRow('How?', 'SO.'), sftRow('Why? ', 'so.')];
  assert.deepEqual(earlierBy(rows, 'prompt'), [-1, 0, -1, 0]);
  assert.deepEqual(earlierBy(rows, 'answer'), [-1, -1, 0, 0]);
  assert.deepEqual(earlierBy(rows, 'both'), [-1, -1, -1, 0]);
});

test('rows that lack the asked part are compared by what they have', () => {
  assert.deepEqual(earlierBy([textRow('One.'), textRow('Two.'), textRow('one.')], 'prompt'), [-1, -1, 0]);
});

test('what stands at the end of the prompt is not taken for the beginning of the answer', () => {
  assert.deepEqual(earlierBy([sftRow('ab', 'c'), sftRow('a', 'bc')], 'both'), [-1, -1]);
});

test('the table grows and finds every repeated text, as a plain map does (property)', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 9000, maxLength: 9500 }), (values) => {
      const first = new Map<number, number>();
      const expected = values.map((value, index) => {
        const earlier = first.get(value) ?? -1;
        if (earlier < 0) first.set(value, index);
        return earlier;
      });
      assert.deepEqual(earlierOf(values.map((value) => `text ${value}`)), expected);
    }),
    { numRuns: 3, seed: 7 },
  );
});
