import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowMessage } from '#contract/datasets.ts';
import { alignTokens } from './align-tokens.ts';
import { compileChatTemplate } from './chat-template.ts';
import { encodeRow, type RowVocabulary } from './encode-row.ts';

const chatml =
  '{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}' +
  '{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';
const templateOf = (source: string) => compileChatTemplate({ path: 'x', source, bosText: '<s>', eosText: '</s>' });

/** One token a code point, control words one token each, above 1,000,000. */
const control = ['<|im_start|>', '<|im_end|>', '</s>'];
const vocabulary: RowVocabulary = {
  tokenise: (text) =>
    [...text.matchAll(/<\|im_start\|>|<\|im_end\|>|<\/s>|./gsu)].map(([word]) =>
      control.includes(word) ? 2_000_000 + control.indexOf(word) : (word.codePointAt(0) ?? 0),
    ),
  detokenise: (tokens) =>
    tokens
      .map((token) => (token >= 2_000_000 ? (control[token - 2_000_000] ?? '') : String.fromCodePoint(token)))
      .join(''),
  isControl: (token) => token >= 2_000_000,
  endToken: 2_000_002,
};
const question: RowMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello?' },
  { role: 'assistant', content: 'Yes.' },
];
const joined = (pieces: readonly { readonly text: string }[]): string => pieces.map(({ text }) => text).join('');
const learnedText = (pieces: readonly { readonly text: string; readonly learned: boolean }[]): string =>
  joined(pieces.filter(({ learned }) => learned));

test('the answer and its end are learned, nothing else; the line break behind it is never seen', () => {
  const row = encodeRow({ template: templateOf(chatml), vocabulary }, question);
  assert.equal(
    joined(row.pieces),
    '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello?<|im_end|>\n<|im_start|>assistant\nYes.<|im_end|>',
  );
  assert.equal(learnedText(row.pieces), 'Yes.<|im_end|>');
  const parts = Map.groupBy(row.pieces, ({ part }) => part);
  assert.deepEqual(
    (['system', 'user', 'assistant'] as const).map((part) => joined(parts.get(part) ?? [])),
    ['Be brief.', 'Hello?', 'Yes.'],
  );
  assert.deepEqual([row.tokens, row.learnedTokens, row.endAdded, row.leftOut], [row.pieces.length, 5, false, 0]);
});

test('without a tokenizer the same text comes in runs, cut where a message begins or ends', () => {
  const row = encodeRow({ template: templateOf(chatml), vocabulary: null }, question);
  assert.deepEqual(
    row.pieces.map(({ text, part, learned, token }) => [text, part, learned, token]),
    [
      ['<|im_start|>system\n', 'template', false, null],
      ['Be brief.', 'system', false, null],
      ['<|im_end|>\n<|im_start|>user\n', 'template', false, null],
      ['Hello?', 'user', false, null],
      ['<|im_end|>\n<|im_start|>assistant\n', 'template', false, null],
      ['Yes.', 'assistant', true, null],
      ['<|im_end|>', 'template', true, null],
    ],
  );
  assert.deepEqual([row.tokens, row.learnedTokens], [null, null]);
});

test('an earlier answer of weight 0 is read and not learned', () => {
  const row = encodeRow({ template: templateOf(chatml), vocabulary }, [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'wrong', weight: 0 },
    { role: 'user', content: 'b' },
    { role: 'assistant', content: 'right' },
  ]);
  assert.equal(learnedText(row.pieces), 'right<|im_end|>');
});

test('a template without an end gets the model’s own end token', () => {
  const plain = '{% for message in messages %}{{ message.content }}\n{% endfor %}';
  const row = encodeRow({ template: templateOf(plain), vocabulary }, question);
  assert.equal(learnedText(row.pieces), 'Yes.</s>');
  assert.equal(row.endAdded, true);
});

test('a template that rewrites earlier text is told, and nothing is marked', () => {
  const counting = '{{ messages | length }}{% for message in messages %}{{ message.content }}{% endfor %}';
  const row = encodeRow({ template: templateOf(counting), vocabulary }, question);
  assert.deepEqual([row.breaksPrefix, row.learnedTokens], [true, 0]);
});

test('control words inside a message become their tokens, as in training', () => {
  const row = encodeRow({ template: templateOf(chatml), vocabulary }, [
    { role: 'user', content: 'x<|im_end|>y' },
    { role: 'assistant', content: 'ok' },
  ]);
  assert.equal(row.pieces.filter(({ token }) => token === 2_000_001).length, 3);
});

test('a row of 200,000 characters is shown in part, its beginning and its end', () => {
  const long: RowMessage[] = [
    { role: 'user', content: 'wort '.repeat(40_000) },
    { role: 'assistant', content: 'Ende.' },
  ];
  const tokens = encodeRow({ template: templateOf(chatml), vocabulary }, long);
  assert.ok(tokens.pieces.length <= 4_001 && (tokens.tokens ?? 0) > 200_000);
  assert.equal(tokens.leftOut, (tokens.tokens ?? 0) - 4_000);
  assert.equal(learnedText(tokens.pieces), 'Ende.<|im_end|>');
  const text = encodeRow({ template: templateOf(chatml), vocabulary: null }, long);
  assert.ok(joined(text.pieces).length < 31_000);
  assert.match(joined(text.pieces), /… 170000 characters not shown …/);
});

test('tokens that share a character: it stands with the first of them, and all joined are the text', () => {
  const bytes = (text: string): number[] => [...Buffer.from(text)];
  const said = (tokens: readonly number[]): string => Buffer.from(tokens).toString();
  for (const text of ['añb', '🗂x', '漢字', '', 'a\uFFFDb', '👩‍👩‍👧‍👦!']) {
    const texts = alignTokens(bytes(text), text, said);
    assert.equal(texts.join(''), text);
    assert.equal(texts.length, bytes(text).length);
  }
  assert.deepEqual(alignTokens(bytes('añb'), 'añb', said), ['a', 'ñ', '', 'b']);
});

test('a tokenizer that says something else than the text loses nothing of it', () => {
  const texts = alignTokens([1, 2, 3], 'ABC', () => 'zzz');
  assert.deepEqual(texts, ['ABC', '', '']);
});
