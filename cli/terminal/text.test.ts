import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutOffSequence, displayWidth, oneLine, padEnd, padStart, plainText, truncate, wrap } from './text.ts';

test('text from outside can not steer the terminal', () => {
  const hostile =
    '\u001b[2J\u001b]0;title\u0007red\u001b[31m\u0000 a\tb\r\nc\u009b5n \u202eabc \u001b(B\u001bP1$q\u001b\\end';
  const shown = plainText(hostile);
  assert.equal(/(?!\n)[\p{Cc}\u202a-\u202e]/u.test(shown), false, JSON.stringify(shown));
  assert.ok(shown.startsWith('red a  b\nc'), JSON.stringify(shown));
  assert.equal(oneLine('  a \n\n b\u0007 '), 'a b');
});

test('widths count what a terminal shows: wide letters twice, marks and colours not at all', () => {
  assert.deepEqual(
    ['abc', '日本', 'e\u0301', '👍', '\u001b[1mab\u001b[22m', '─●⠋'].map(displayWidth),
    [3, 4, 1, 2, 2, 3],
  );
});

test('cutting keeps to the width and says that something was cut', () => {
  assert.deepEqual(
    [
      truncate('abcdef', 6),
      truncate('abcdefg', 6),
      truncate('日本語日本', 5),
      truncate('abc', 1),
      truncate('abc', 0),
      truncate('abcdef', 5, '...'),
    ],
    ['abcdef', 'abcde…', '日本…', '…', '', 'ab...'],
  );
});

test('padding fills to the width on either side and never cuts', () => {
  assert.deepEqual([padEnd('日', 4), padStart('7', 3), padEnd('long', 2)], ['日  ', '  7', 'long']);
});

test('wrapping breaks between words, breaks a word that is too long, and keeps newlines', () => {
  assert.deepEqual(wrap('the quick brown fox\njumps', 10), ['the quick', 'brown fox', 'jumps']);
  assert.deepEqual(wrap('a/very/long/path/indeed ok', 8), ['a/very/l', 'ong/path', '/indeed', 'ok']);
  assert.deepEqual(wrap('', 10), ['']);
});

test('a sequence that is cut by the end of a page is kept for the next one', () => {
  assert.deepEqual(['done\u001b[3', 'x\u001b', '\u001b]0;ti', 'x\u001b[31m', 'plain'].map(cutOffSequence), [
    '\u001b[3',
    '\u001b',
    '\u001b]0;ti',
    '',
    '',
  ]);
});
