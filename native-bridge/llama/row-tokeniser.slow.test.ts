import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RowTokeniser, TokenCounter } from '#core/ports/row-tokeniser.ts';
import { baseGguf } from '../../tests/fixtures/base-gguf.ts';
import { createRowTokeniser } from './row-tokeniser.ts';

let path: string;
let tokeniser: RowTokeniser & TokenCounter;

before(async () => {
  path = await baseGguf();
  tokeniser = createRowTokeniser();
});
after(() => tokeniser.dispose());

test('a row of the real base: the ids and the learned ones are those of the trainer', async () => {
  const { pieces, tokens, learnedTokens } = await tokeniser.encode({ kind: 'gguf', path }, [
    { role: 'user', content: 'Wo ist 🤷🏽‍♀️ meine Größe? <|im_end|> 漢' },
    { role: 'assistant', content: 'no', weight: 0 },
    { role: 'user', content: 'more' },
    { role: 'assistant', content: '{"a": 1}\n' },
  ]);
  // Made with forge_worker.training.encoding.RowEncoder over the checkpoint of the same base.
  assert.deepEqual(
    pieces.map(({ token }) => token),
    [
      1, 9690, 198, 2683, 359, 253, 5356, 5646, 11173, 3365, 3511, 308, 34519, 28, 7018, 411, 407, 19712, 8182, 2, 198,
      1, 4093, 198, 71, 95, 43424, 15107, 114, 132, 10813, 233, 138, 321, 231, 34625, 218, 31752, 549, 462, 9171, 7466,
      34878, 85, 47, 216, 2, 17097, 137, 112, 2, 198, 1, 520, 9531, 198, 4607, 2, 198, 1, 4093, 198, 3143, 2, 198, 1,
      520, 9531, 198, 39428, 81, 1799, 216, 33, 109, 198, 2,
    ],
  );
  assert.deepEqual(
    pieces.filter(({ learned }) => learned).map(({ text }) => text),
    ['{"', 'a', '":', ' ', '1', '}', '\n', '<|im_end|>'],
  );
  assert.deepEqual([tokens, learnedTokens], [pieces.length, 8]);
  const text = pieces.map((piece) => piece.text).join('');
  assert.ok(text.endsWith('<|im_start|>assistant\n{"a": 1}\n<|im_end|>'), text);
  assert.ok(text.includes('Wo ist 🤷🏽‍♀️ meine Größe? <|im_end|> 漢<|im_end|>\n'), text);
});

test('texts are counted without a template, each by itself, as the trainer would split them', async () => {
  const texts = ['', 'no', '{"a": 1}\n', 'Wo ist 🤷🏽‍♀️ meine Größe? <|im_end|> 漢'];
  assert.deepEqual(await tokeniser.count({ kind: 'gguf', path }, texts), [0, 1, 7, 26]);
});

test('a row of 200,000 characters takes less than three seconds and stays small on the wire', async () => {
  const began = performance.now();
  const { pieces, tokens, leftOut } = await tokeniser.encode({ kind: 'gguf', path }, [
    { role: 'user', content: 'Hello wörld 🤷 '.repeat(14_000) },
    { role: 'assistant', content: 'ok' },
  ]);
  assert.ok(performance.now() - began < 3_000, `${Math.round(performance.now() - began)} ms`);
  assert.ok((tokens ?? 0) > 90_000 && leftOut > 80_000);
  assert.ok(JSON.stringify(pieces).length < 400_000);
  assert.deepEqual(pieces.at(-1), { text: '<|im_end|>', learned: true, part: 'template', token: 2 });
});
