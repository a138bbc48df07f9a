import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobStates, workerKinds } from '#contract/jobs.ts';
import { lossText, phaseText, spokenAge, spokenDuration, wordForKind, wordForState } from './words.ts';

test('every state and kind of the contract has a word, and one of a newer engine keeps its own name', () => {
  assert.ok(workerKinds.every((kind) => /^[A-Z]/.test(wordForKind(kind))));
  assert.ok(jobStates.every((state) => wordForState(state).word.length > 3));
  assert.deepEqual([wordForKind('distil'), wordForState('asleep')], ['distil', { word: 'asleep', tone: 'still' }]);
});

test('time is spoken', () => {
  const seconds = [0.4, 42, 89, 128, 3_600, 7_200, 200_000];
  assert.deepEqual(seconds.map(spokenDuration), [
    '0 s',
    '42 s',
    '89 s',
    'about 2 minutes',
    'about 60 minutes',
    'about 2 hours',
    'about 2 days',
  ]);
  const ages = [10, 300, 7_200, 200_000].map((age) => spokenAge(1_000_000_000_000 - age * 1000, 1_000_000_000_000));
  assert.deepEqual(ages, ['just now', '5 min ago', '2 h ago', '2 days ago']);
});

test('a loss has three digits that mean something', () => {
  assert.deepEqual([2.8571, 0.04321, 12_345].map(lossText), ['2.86', '0.0432', '1.23e+4']);
});

test('a phase reads as words', () => {
  assert.deepEqual(['loading-base', 'loadingBaseModel'].map(phaseText), ['Loading base', 'Loading base model']);
});
