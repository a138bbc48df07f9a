import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendedPart, createLiveTexts, flushMs } from './live-texts.ts';

function clocked() {
  const waiting: { readonly work: () => void; readonly delayMs: number }[] = [];
  const live = createLiveTexts((work, delayMs) => {
    waiting.push({ work, delayMs });
    return () => undefined;
  });
  return { live, waiting };
}

test('a thousand pieces are shown at once, after one wait of 50 ms', () => {
  const { live, waiting } = clocked();
  const seen: string[] = [];
  live.listen('0:0', (text) => seen.push(text));
  for (let piece = 0; piece < 1_000; piece += 1) live.append('0:0', 'x');
  assert.deepEqual(
    waiting.map(({ delayMs }) => delayMs),
    [flushMs],
  );
  waiting[0]?.work();
  assert.deepEqual(seen, ['', 'x'.repeat(1_000)]);
});

test('who comes late gets the whole text, who left gets none', () => {
  const { live, waiting } = clocked();
  live.append('0:0', 'so far');
  const seen: string[] = [];
  const stop = live.listen('0:0', (text) => seen.push(text));
  live.append('0:0', ' more');
  stop();
  waiting[0]?.work();
  assert.deepEqual(seen, ['so far']);
});

test('only what is new is appended; a text that began anew is drawn anew', () => {
  assert.equal(appendedPart('Hel', 'Hello'), 'lo');
  assert.equal(appendedPart('Hello', 'Bye'), null);
});
