import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectLanguage } from './detect-language.ts';
import { labelledLanguages } from './labelled-languages.ts';

test('of the labelled texts of 50 characters and more, at least 95 of 100 are told, in every script', () => {
  const texts = Object.entries(labelledLanguages).flatMap(([code, list]) => list.map((text) => ({ code, text })));
  assert.ok(texts.length >= 150, `only ${texts.length} texts`);
  for (const { code, text } of texts)
    assert.ok(text.length >= 50 || /^(zh|ja|ko|th|he|hi)$/.test(code), `${code} too short: ${text}`);
  const wrong = texts.filter(({ code, text }) => detectLanguage(text).code !== code);
  const told = wrong.map(({ code, text }) => `${code} as ${detectLanguage(text).code}: ${text}`);
  assert.ok(wrong.length / texts.length <= 0.05, told.join('\n'));
});

test('no language gets more than one of its labelled texts wrong', () => {
  for (const [code, texts] of Object.entries(labelledLanguages)) {
    const wrong = texts.filter((text) => detectLanguage(text).code !== code);
    assert.ok(wrong.length <= 1, `${code}: ${wrong.join(' | ')}`);
  }
});

test('code, numbers and nothing at all have no language', () => {
  for (const text of ['', '12345 67.89', '```js\nconst the = and(of, to);\n```', 'x', '{"a": [1, 2]}'])
    assert.equal(detectLanguage(text).code, 'und', text);
});

test('a code block inside an answer does not speak for the answer', () => {
  const answer =
    'So wird die Liste sortiert, ohne dass sie sich ändert:\n```python\nfor the in of: print("this and that is it")\n```';
  assert.equal(detectLanguage(answer).code, 'de');
});

test('Japanese with many Chinese characters is still Japanese', () => {
  assert.equal(
    detectLanguage('東京都渋谷区の図書館利用案内は、平日午前九時から午後八時まで開館しております。').code,
    'ja',
  );
});
