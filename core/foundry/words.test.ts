import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWordBuffer, scanWords } from './words.ts';

function wordsOf(text: string): { keys: string[]; spaceless: number } {
  const words = createWordBuffer();
  scanWords(text, words);
  const keys = Array.from({ length: words.count }, (_, index) => `${words.first[index]}-${words.second[index]}`);
  return { keys, spaceless: words.spaceless };
}

test('case, Unicode form, punctuation and spaces do not tell words apart', () => {
  const plain = wordsOf('the fine cafe 12').keys;
  assert.equal(plain.length, 4);
  assert.deepEqual(wordsOf('  The, "fine"\n\tCAFE... (12)').keys, plain);
  assert.deepEqual(wordsOf('café').keys, wordsOf('CAFE\u0301').keys);
  assert.deepEqual(wordsOf('ﬁne').keys, wordsOf('fine').keys);
});

test('different words have different hashes, and order is kept', () => {
  const { keys } = wordsOf('ab ba a b aa 1 11 ab');
  assert.equal(new Set(keys).size, 7);
  assert.equal(keys[0], keys[7]);
});

test('a character of a script without spaces is a word of its own; other scripts have words', () => {
  assert.deepEqual([wordsOf('東京タワー').keys.length, wordsOf('東京タワー').spaceless], [5, 5]);
  assert.deepEqual([wordsOf('ภาษา').keys.length > 3, wordsOf('안녕 세계').keys.length], [true, 2]);
  assert.deepEqual([wordsOf('AI と 人').keys.length, wordsOf('AI と 人').spaceless], [3, 2]);
  assert.deepEqual([wordsOf('𠮷野').keys.length, wordsOf('हिन्दी भाषा').keys.length], [2, 2]);
});

test('nothing but punctuation and pictures has no words, and half a surrogate pair does no harm', () => {
  assert.equal(wordsOf('').keys.length, 0);
  assert.equal(wordsOf('... 🙂 !').keys.length, 0);
  assert.equal(wordsOf('a\ud840').keys.length, 2);
  assert.equal(wordsOf('a\udc00b').keys.length, 2);
});

test('a text of many words grows the buffer', () => {
  const { keys } = wordsOf(Array.from({ length: 5000 }, (_, index) => `w${index}`).join(' '));
  assert.equal(new Set(keys).size, 5000);
});
