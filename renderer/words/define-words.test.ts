import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { defineWords } from './define-words.ts';
import { formatAge, formatBytes, formatDuration, formatFigure, formatShare, formatUsd } from './format.ts';
import { chooseLanguage, setLanguage } from './language.ts';

afterEach(() => setLanguage('en'));

const useSampleWords = defineWords('sample', {
  en: { greet: 'Hello {{name}}', rows_one: '{{count}} row', rows_other: '{{count}} rows' },
  de: { greet: 'Hallo {{name}}', rows_one: '{{count}} Zeile', rows_other: '{{count}} Zeilen' },
});

test('a text takes its values as they are, in both languages', () => {
  assert.equal(useSampleWords.now('greet', { name: '<b>Åsa & Ko.</b>' }), 'Hello <b>Åsa & Ko.</b>');
  setLanguage('de');
  assert.equal(useSampleWords.now('greet', { name: 'Åsa' }), 'Hallo Åsa');
});

test('a count chooses the form of the word', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => useSampleWords.now('rows', { count })),
    ['0 rows', '1 row', '2 rows'],
  );
  setLanguage('de');
  assert.deepEqual(
    [1, 2].map((count) => useSampleWords.now('rows', { count })),
    ['1 Zeile', '2 Zeilen'],
  );
});

test('the wish decides the language, then the first language of the system that is spoken here', () => {
  assert.equal(chooseLanguage('de', ['en-GB']), 'de');
  assert.equal(chooseLanguage('', ['fr', 'de-AT', 'en']), 'de');
  assert.equal(chooseLanguage('fr', ['pt']), 'en');
});

test('sizes, times and shares read as people say them', () => {
  assert.deepEqual([999, 640e6, 5.24e9, Number.NaN].map(formatBytes), [
    '999\u00A0B',
    '640\u00A0MB',
    '5.2\u00A0GB',
    '–',
  ]);
  assert.deepEqual([0, 42, 59.6, 180, 4_800, 3_600, 183_600].map(formatDuration), [
    '0\u00A0s',
    '42\u00A0s',
    '1\u00A0min',
    '3\u00A0min',
    '1\u00A0h 20\u00A0min',
    '1\u00A0h',
    '2\u00A0d 3\u00A0h',
  ]);
  assert.equal(formatShare(0.354), '35\u00A0%');
  assert.deepEqual(
    [0.1893, 6e-4, 0].map((value) => formatFigure(value)),
    ['0.189', '6e-4', '0'],
  );
  assert.deepEqual([0, 0.00001, 0.0021, 3.2].map(formatUsd), ['$0', '< $0.0001', '$0.0021', '$3.20']);
  assert.equal(formatAge(0, 7_200_000), '2 hours ago');
});
