import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestWord } from './nearest-word.ts';

const commands = ['quickstart', 'init', 'doctor', 'status', 'train', 'runs', 'models', 'ui', 'stop'];

test('a misspelt command finds the one that was meant', () => {
  assert.deepEqual(
    ['quikstart', 'trian', 'modles', 'run', 'statsu', 'quick', 'DOCTOR', 'iu'].map((word) =>
      nearestWord(word, commands),
    ),
    ['quickstart', 'train', 'models', 'runs', 'status', 'quickstart', 'doctor', 'ui'],
  );
});

test('a word that is near nothing gets no suggestion', () => {
  assert.deepEqual(
    ['banana', 'x', '', 'zzzzzzzzzzzzzzz'.repeat(100)].map((word) =>
      nearestWord(word, ['quickstart', 'doctor', 'status']),
    ),
    [null, null, null, null],
  );
});
