import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckFlag } from '#contract/rows.ts';
import { flagsAt, markedPieces } from './flag-spans.ts';

const flag = (code: string, start: number, end: number): CheckFlag => ({ check: 'pii', code, span: [start, end] });

test('pieces joined are the text, whatever the remarks', () => {
  const text = 'Write to ann@example.org or call';
  const pieces = markedPieces(text, [
    flag('EMAIL', 9, 24),
    flag('NAME', 9, 12),
    flag('OUT', 30, 99),
    flag('NONE', 50, 60),
  ]);
  assert.equal(pieces.map((piece) => piece.text).join(''), text);
  assert.deepEqual(
    pieces.map((piece) => [piece.text, piece.flags.map(({ code }) => code)]),
    [
      ['Write to ', []],
      ['ann', ['EMAIL', 'NAME']],
      ['@example.org', ['EMAIL']],
      [' or ca', []],
      ['ll', ['OUT']],
    ],
  );
});

test('a text without remarks is one piece, an empty text none', () => {
  assert.deepEqual(markedPieces('plain', []), [{ text: 'plain', flags: [] }]);
  assert.deepEqual(markedPieces('', []), []);
});

test('remarks are told apart by the text they lie on', () => {
  const flags = [{ ...flag('EMAIL', 0, 2), place: 'messages.1.content' }, flag('ROW', 0, 1)];
  assert.deepEqual(
    flagsAt(flags, 'messages.1.content').map(({ code }) => code),
    ['EMAIL'],
  );
});
