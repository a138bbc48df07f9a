import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { RowSource } from '#core/ports/row-tokeniser.ts';
import { createRowTokeniser } from './row-tokeniser.ts';

const template = (text: string): RowSource => ({
  kind: 'template',
  path: 'here',
  template: text,
  bosText: '',
  eosText: '',
});
const plain = template('{% for message in messages %}[{{ message.content }}]{% endfor %}');
const row = [
  { role: 'user' as const, content: 'question' },
  { role: 'assistant' as const, content: 'answer' },
];
const refusedAs = (code: string) => (error: unknown) => error instanceof ForgeError && error.code === code;

test('a template alone shows text, in a process that is used again and ends with the tokeniser', async () => {
  const tokeniser = createRowTokeniser();
  try {
    const [first, second] = await Promise.all([tokeniser.encode(plain, row), tokeniser.encode(plain, row)]);
    assert.deepEqual(first, second);
    assert.equal(first.pieces.map(({ text }) => text).join(''), '[question][answer]');
    assert.equal(first.tokens, null);
    await assert.rejects(
      tokeniser.encode(template('{{ raise_exception("no") }}'), row),
      refusedAs('serving.template-refused'),
    );
    assert.equal((await tokeniser.encode(plain, row)).pieces.length > 0, true);
  } finally {
    await tokeniser.dispose();
  }
  await assert.rejects(tokeniser.encode(plain, row), refusedAs('serving.cancelled'));
});

test('a template that never ends loses its process, not the engine, and the next row is shown', async () => {
  const tokeniser = createRowTokeniser({ reactionMs: 5_000 });
  const endless = template('{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}');
  try {
    await assert.rejects(tokeniser.encode(endless, row), refusedAs('serving.crashed'));
    assert.equal((await tokeniser.encode(plain, row)).tokens, null);
  } finally {
    await tokeniser.dispose();
  }
});

test('a file that is no model is refused before a process starts', async () => {
  const tokeniser = createRowTokeniser({
    startProcess: () => {
      throw new Error('a process was started');
    },
  });
  await assert.rejects(
    tokeniser.encode({ kind: 'gguf', path: import.meta.filename }, row),
    refusedAs('serving.file-not-usable'),
  );
  await tokeniser.dispose();
});
