import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineDifference } from './line-difference.ts';

test('a changed line stands as one out and one in, with its numbers', () => {
  const lines = lineDifference('a\nb\nc\n', 'a\nB\nc\nd\n');
  assert.deepEqual(
    lines.map(({ kind, before, after, text }) => [kind, before, after, text]),
    [
      ['same', 1, 1, 'a'],
      ['removed', 2, null, 'b'],
      ['added', null, 2, 'B'],
      ['same', 3, 3, 'c'],
      ['added', null, 4, 'd'],
    ],
  );
});

test('a script that is new is all added', () => {
  assert.deepEqual(
    lineDifference('', 'x\ny').map(({ kind }) => kind),
    ['added', 'added'],
  );
});

test('both texts can be put together again from any difference', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '', 'c d'), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (old, fresh) => {
      const lines = lineDifference(old.join('\n'), fresh.join('\n'));
      const side = (without: string) => lines.filter(({ kind }) => kind !== without).map(({ text: line }) => line);
      const whole = (given: string[]) =>
        given.join('\n') === '' ? [] : given.join('\n').replace(/\n$/, '').split('\n');
      assert.deepEqual(side('added'), whole(old));
      assert.deepEqual(side('removed'), whole(fresh));
    }),
  );
});

test('two long texts without a line in common take no time', () => {
  const long = (letter: string): string => Array.from({ length: 30_000 }, (_, index) => `${letter}${index}`).join('\n');
  const startMs = performance.now();
  assert.equal(lineDifference(long('a'), long('b')).length, 60_000);
  assert.ok(performance.now() - startMs < 2_000);
});
