import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerDiff } from './answer-diff.ts';

test('two answers are laid over each other by words, and both can be read back', () => {
  const left = 'The parcel is late.\nSorry.';
  const right = 'The parcel is on time.\nSorry.';
  const { by, parts } = answerDiff(left, right);
  assert.equal(by, 'words');
  const side = (kind: 'left' | 'right'): string =>
    parts
      .filter((part) => part.kind === 'same' || part.kind === kind)
      .map(({ text }) => text)
      .join('');
  assert.equal(side('left'), left);
  assert.equal(side('right'), right);
});

test('long answers are compared by lines', () => {
  const lines = Array.from({ length: 2_000 }, (_, line) => `line ${line} of an answer`);
  const { by, parts } = answerDiff(lines.join('\n'), lines.with(7, 'another').join('\n'));
  assert.equal(by, 'lines');
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ['same', 'left', 'right', 'same'],
  );
});

test('answers that have nothing in common do not hold the window up', () => {
  const noise = (seed: number): string =>
    Array.from({ length: 20_000 }, (_, line) => ((line * 7_919 + seed) % 100_003).toString(36)).join('\n');
  const startedAt = performance.now();
  const { parts } = answerDiff(noise(1), noise(50_000));
  assert.ok(parts.length > 0);
  assert.ok(performance.now() - startedAt < 5_000);
});
