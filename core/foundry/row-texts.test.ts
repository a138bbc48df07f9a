import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalRow, type CanonicalRow } from '#contract/rows.ts';
import { sftRow, textRow } from './fake-rows.ts';
import { answerTextOf, changeTexts, promptTextOf, textsOf } from './row-texts.ts';

const shared = { id: 'a', group: 'a', source: { type: 'file', uri: 'a.jsonl' } };

const conversation: CanonicalRow = canonicalRow.parse({
  ...shared,
  kind: 'sft',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: '', tool_calls: [{ name: 'weather', arguments: '{"place":"Ulm"}' }] },
    { role: 'tool', content: 'rain' },
    { role: 'assistant', content: 'Rain in Ulm.' },
  ],
});

const preference: CanonicalRow = canonicalRow.parse({
  ...shared,
  kind: 'preference',
  prompt: [{ role: 'user', content: 'Say yes.' }],
  chosen: [{ role: 'assistant', content: 'Yes.' }],
  rejected: [{ role: 'assistant', content: 'No.' }],
});

test('every text that holds something has a place, arguments of tool calls too', () => {
  assert.deepEqual(
    textsOf(conversation).map(({ place, role, text }) => [place, role, text]),
    [
      ['messages.0.content', 'system', 'Be brief.'],
      ['messages.1.content', 'user', 'Weather?'],
      ['messages.2.tool_calls.0.arguments', 'assistant', '{"place":"Ulm"}'],
      ['messages.3.content', 'tool', 'rain'],
      ['messages.4.content', 'assistant', 'Rain in Ulm.'],
    ],
  );
  assert.deepEqual(
    textsOf(preference).map(({ place }) => place),
    ['prompt.0.content', 'chosen.0.content', 'rejected.0.content'],
  );
  assert.deepEqual(textsOf(textRow('Once.')), [{ place: 'text', role: 'text', text: 'Once.' }]);
});

test('the prompt is what comes before the last answer, without the system message', () => {
  assert.equal(promptTextOf(conversation), 'Weather?\nrain');
  assert.equal(answerTextOf(conversation), 'Rain in Ulm.');
  assert.equal(promptTextOf(preference), 'Say yes.');
  assert.equal(answerTextOf(preference), 'Yes.');
  assert.deepEqual([promptTextOf(textRow('Once.')), answerTextOf(textRow('Once.'))], ['', 'Once.']);
});

test('a row whose texts are changed keeps the rest, and its places are those of textsOf', () => {
  for (const row of [conversation, preference, textRow('Once.'), sftRow('a', 'b')]) {
    const places = new Set(textsOf(row).map(({ place }) => place));
    const changed = changeTexts(row, (place, text) => (places.has(place) ? `[${text}]` : text));
    assert.deepEqual(
      textsOf(changed).map(({ text }) => text),
      textsOf(row).map(({ text }) => `[${text}]`),
    );
    assert.deepEqual(
      changeTexts(row, (_, text) => text),
      row,
    );
  }
});
