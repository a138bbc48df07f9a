import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { CommandFailure } from './failure.ts';
import { readSecret } from './read-secret.ts';

/** Standard input with what was typed or piped, and what was shown. */
function typed(text: string, { isTTY = false, ends = true } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY });
  input.write(text);
  if (ends) input.end();
  let shown = '';
  return { read: () => readSecret('hf_token', { input, ask: (line) => (shown += line) }), shown: () => shown };
}

test('piped in, the line end and blanks around are not part of it', async () => {
  assert.equal(await typed('hf_abcdefgh\n').read(), 'hf_abcdefgh');
  assert.equal(await typed('  hf_abcdefgh\r\n').read(), 'hf_abcdefgh');
});

test('nothing piped in, or a file by mistake, is refused with what to do and without the content', async () => {
  const refused = (pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof CommandFailure && error.failure.exitCode === 2);
    assert.match(`${error.failure.message} ${error.failure.remedy}`, pattern);
    assert.doesNotMatch(JSON.stringify(error.failure), /xxx/);
    return true;
  };
  await assert.rejects(typed('').read(), refused(/No value .*forge secrets set hf_token < file/));
  await assert.rejects(typed('x'.repeat(20_000)).read(), refused(/More than 16384 bytes.*the key alone/));
});

test('on a terminal it is asked for, edited with backspace, and not shown', async () => {
  const terminal = typed('hf_secrxy\u007F\u007Fet\r', { isTTY: true, ends: false });
  assert.equal(await terminal.read(), 'hf_secret');
  assert.equal(terminal.shown(), 'Value of hf_token (it is not shown): \n');
});

test('Ctrl-C and Ctrl-D on a terminal store nothing', async () => {
  for (const key of ['hf_half\u0003', '\u0004'])
    assert.equal(await typed(key, { isTTY: true, ends: false }).read(), null);
});
