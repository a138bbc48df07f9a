import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chrF, tokenF1 } from './text-scores.ts';

/** Values of sacrebleu 2.6.0, CHRF().sentence_score (n-grams 1..6, beta 2, no white space, effective order). */
const sacrebleuValues: readonly (readonly [answer: string, expected: string, score: number])[] = [
  ['the cat sat on the mat', 'the cat is on the mat', 64.5779420625287],
  ['Hello', 'Hello', 100],
  ['abc', 'xyz', 0],
  ['ab', 'abcdefgh', 23.404255319148938],
  ['Die Katze schläft.', 'Die Katzen schlafen heute.', 38.65131366788287],
  [
    'You can return the router within 14 days.',
    'Within 14 days you may return your router for a full refund.',
    37.7691837108314,
  ],
  ['日本語のテキスト', '日本語の文章テキスト', 39.34681645504452],
  ['a', 'a b c d e f', 19.999999999999996],
  ['same words different order here', 'here order different words same', 58.53866423431641],
  ['emoji 😀 ok', 'emoji 😃 ok', 45.654761904761905],
];

for (const [answer, expected, score] of sacrebleuValues) {
  test(`chrF of "${answer}" is sacrebleu's ${score.toFixed(2)}`, () => {
    assert.ok(Math.abs(chrF(answer, expected) - score) < 1e-9, String(chrF(answer, expected)));
  });
}

test('chrF by hand: "ab" for "abcd" has order-1 and order-2 precision 1 and recalls 1/2 and 1/3', () => {
  const [precision, recall] = [1, (1 / 2 + 1 / 3) / 2];
  assert.equal(chrF('ab', 'abcd').toFixed(9), ((100 * 5 * precision * recall) / (4 * precision + recall)).toFixed(9));
});

test('chrF and token F1 are 0 to 100, and 100 for a text against itself', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (answer, expected) => {
      for (const score of [chrF(answer, expected), tokenF1(answer, expected)])
        assert.ok(score >= 0 && score <= 100 + 1e-9);
      if (answer.trim() !== '') assert.ok(chrF(answer, answer) > 99.999 && tokenF1(answer, answer) > 99.999);
    }),
  );
});

test('token F1 counts shared words once each, whatever their case and punctuation', () => {
  assert.equal(tokenF1('The router, the ROUTER!', 'the router'), (100 * 2 * 2) / (4 + 2));
  assert.equal(tokenF1('nothing in common', 'the router'), 0);
  assert.equal(tokenF1('?', '?'), 100);
  assert.equal(tokenF1('', ''), 0);
});
