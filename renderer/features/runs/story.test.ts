import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEntry } from './run-recorder.ts';
import type { RunsWords } from './runs-words.ts';
import { changeText, interventionText, spokenName, storyLine } from './story.ts';

/** Keys and values instead of sentences. */
const words: RunsWords = (key, values) => (values === undefined ? key : `${key} ${Object.values(values).join(' | ')}`);

test('a change is told from what to what, without the step that stands beside it', () => {
  assert.equal(changeText({ step: 48, microBatchSize: 8 }, { step: 40, microBatchSize: 4 }), 'micro batch size 8 → 4');
  assert.equal(changeText({ step: 48 }, { step: 40 }), '');
  assert.equal(changeText('odd', null), '');
  assert.equal(spokenName('gradientAccumulation'), 'gradient accumulation');
});

test('an action that this version does not know is told by its own name', () => {
  const event = { reason: 'it was hot.', before: {}, after: {} };
  assert.equal(
    interventionText({ action: 'open-window', ...event }, words),
    'eventIntervention open-window | it was hot',
  );
  assert.equal(
    interventionText({ action: 'skip-step', ...event }, words),
    'eventIntervention actionSkipStep | it was hot',
  );
});

test('an event of another version is shown as it came, but not without end', () => {
  const event = { v: 1 as const, run: 'r', seq: 1, t: 0, type: 'weather', text: 'x'.repeat(5_000) };
  const entry: RunEntry = { id: 1, step: null, known: false, event };
  const line = storyLine(entry, words);
  assert.equal(line.kind, 'kindUnknown');
  assert.ok(line.text.length < 400);
});
