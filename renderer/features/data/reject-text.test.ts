import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, hexLines, visibleText } from './reject-text.ts';

test('signs that nobody sees are drawn, and every line end is told by its kind', () => {
  assert.equal(visibleText('a\tb\r\nc\nd\re\u0000'), 'a→\tb␍␊\nc␊\nd␍\ne␀');
});

test('what is no text is shown byte by byte', () => {
  const bytes = bytesOf(btoa('Gr\u00fc\u00dfe aus K\u00f6ln!!x'));
  assert.equal(
    hexLines(bytes),
    '0000  47 72 fc df 65 20 61 75 73 20 4b f6 6c 6e 21 21  Gr··e aus K·ln!!\n' + `0010  78${' '.repeat(45)}  x`,
  );
  assert.equal(bytesOf('no base64 %%').length, 0);
});
