import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AnswerText } from './answer-text.ts';
import { JsonCloseFinder } from './json-close.ts';

/** Tokens are bytes here, so every character beyond ASCII arrives in parts. */
const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];
const detokenise = (tokens: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(tokens));

function said(text: string, options: { stop?: string[]; json?: boolean } = {}) {
  const answer = new AnswerText({
    detokenise,
    promptTail: [],
    stop: options.stop ?? [],
    stopWhenJsonCloses: options.json ?? false,
  });
  const pieces: string[] = [];
  for (const token of bytesOf(text)) {
    const piece = answer.push(token);
    pieces.push(piece.text);
    if (piece.ended) return { text: pieces.join(''), ended: true, pieces };
  }
  pieces.push(answer.finish());
  return { text: pieces.join(''), ended: false, pieces };
}

test('no piece holds half a character', () => {
  const { text, pieces } = said('Grüße 👋 日本');
  assert.equal(text, 'Grüße 👋 日本');
  assert.equal(
    pieces.some((piece) => piece.includes('\uFFFD')),
    false,
  );
});

test('an answer is cut before the first stop string, also one that comes in parts, and given whole without', () => {
  assert.deepEqual(
    [said('one END two', { stop: ['END'] }).text, said('one ENTER two', { stop: ['END'] }).text],
    ['one ', 'one ENTER two'],
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c') }),
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      (text, stop) => {
        const positions = stop.map((word) => text.indexOf(word)).filter((position) => position >= 0);
        const { text: given, ended } = said(text, { stop });
        // Token by token the stop string that is complete first ends the answer; it begins at one of these places.
        assert.equal(ended, positions.length > 0);
        assert.ok(
          text.startsWith(given) && (ended ? stop.some((word) => text.startsWith(word, given.length)) : given === text),
        );
      },
    ),
  );
});

test('an answer ends at the closing brace of its first object, and braces in strings do not count', () => {
  const object = '{"a": {"b": "}\\"{"}, "c": [1, {"d": 2}]}';
  assert.deepEqual(said(`Sure: ${object} and more {"x": 1}`, { json: true }), {
    ...said(`Sure: ${object}`, { json: true }),
    ended: true,
  });
  assert.equal(said(`Sure: ${object} and more`, { json: true }).text, `Sure: ${object}`);
  assert.deepEqual(
    [said('} no {"a": ', { json: true }).ended, said('{"never"', { json: true }).text],
    [false, '{"never"'],
  );
});

test('the finder counts over all pieces', () => {
  const finder = new JsonCloseFinder();
  assert.deepEqual([finder.push('ab{'), finder.push('"x'), finder.push('}"}tail')], [null, null, 8]);
});
