// D-4, D-5, D-14: places by hand, what a row carries beside its texts, and what is cleaned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  settings,
  place,
  row,
  messagesOf,
  codeOf,
  user,
  assistant,
  asked,
} from '../../../tests/fixtures/imported-record.ts';
import type { CutRecord } from '../record-source.ts';
import { createRowImporter } from './row-importer.ts';

test('columns by their names, nested values and columns as CSV cells', () => {
  assert.deepEqual(messagesOf({ ticket: 'q', reply: 'a' }), asked);
  const csv = createRowImporter({ ...settings, columns: ['id', 'messages', 'group'] });
  const outcome = csv.take({ ...place, kind: 'fields', fields: ['7', JSON.stringify(asked), 'g1'] });
  assert.ok(outcome.kind === 'row' && outcome.row.kind === 'sft');
  assert.deepEqual(
    [outcome.row.messages, outcome.row.group, outcome.row.source.id, outcome.givenId],
    [asked, 'g1', '7', '7'],
  );
  assert.deepEqual(
    messagesOf({ question: 'q', answer: { team: 'a', urgent: true } })[1],
    assistant('{"team":"a","urgent":true}'),
  );
  assert.equal(codeOf({ colour: 'red', size: 3 }), 'UNKNOWN_SHAPE');
  for (const value of [3, 'text', null, [1]]) assert.equal(codeOf(value), 'NOT_OBJECT');
});

test('a mapping names the places: columns, nested paths, templates over several', () => {
  const record = { meta: { title: 'T', tags: ['x', 'y'] }, body: 'B', reply: 'a', 'odd {name}': 'o' };
  assert.deepEqual(
    messagesOf(record, { mapping: { prompt: '{meta.title}: {body} ({meta.tags.1})', answer: 'reply' } }),
    [user('T: B (y)'), assistant('a')],
  );
  assert.deepEqual(messagesOf(record, { mapping: { prompt: 'odd {name}', answer: 'meta.title' } }), [
    user('o'),
    assistant('T'),
  ]);
  assert.equal(row(record, { mapping: { text: 'body' } }).kind, 'text');
  assert.equal(row(record, { mapping: { prompt: 'body' } }).kind, 'prompt');
  assert.equal(
    row(record, { mapping: { prompt: 'body', chosen: 'reply', rejected: 'meta.title' } }).kind,
    'preference',
  );
  assert.equal(codeOf(record, { mapping: { prompt: 'nowhere', answer: 'reply' } }), 'EMPTY_FIELD');
  assert.equal(codeOf(record, { mapping: { prompt: 'Q: {nowhere}{meta.none}', answer: 'reply' } }), 'EMPTY_FIELD');
  assert.equal(
    codeOf({ ...record, verdict: 'maybe' }, { mapping: { prompt: 'body', answer: 'reply', label: 'verdict' } }),
    'BAD_LABEL',
  );
});

test('a row of Forge comes back as it went out, whatever its kind', () => {
  const rows = [
    row({ messages: asked, group: 'g', category: 'c', language: 'de' }, { domain: 'legal', licence: 'MIT' }),
    row({ prompt: 'q', chosen: 'good', rejected: 'bad' }),
    row({ prompt: 'q', completion: 'a', label: true }),
    row({ prompt: 'q' }),
    row({ text: 'Once.' }),
  ];
  for (const made of rows) assert.deepEqual(row(JSON.parse(JSON.stringify(made))), made);
  const broken = { ...rows[0], messages: [assistant('a'), user('q')] };
  assert.equal(codeOf(broken), 'BAD_ROLE_ORDER');
});

test('the id is made of what a row says alone; the group of its folded prompt', () => {
  const first = row({ question: 'What  is THIS?', answer: 'a', id: '1' });
  const second = row({ messages: [user('What  is THIS?'), assistant('a')] }, { uri: 'other.jsonl' });
  assert.match(first.id, /^[0-9a-f]{32}$/);
  assert.equal(first.id, second.id);
  assert.notEqual(first.id, row({ question: 'What is this?', answer: 'a' }).id);
  assert.equal(first.group, row({ question: 'what is this?', answer: 'b' }).group);
  assert.equal(row({ question: 'q', answer: 'a', conversation_id: 'c9' }).group, 'c9');
  assert.notEqual(row({ text: 'one' }).group, row({ text: 'two' }).group);
});

test('NUL and half characters are taken out and flagged, and the reader’s own flags stay', () => {
  const record: CutRecord = {
    ...place,
    kind: 'value',
    flags: ['FALLBACK_ENCODING'],
    value: { question: 'a\0b', answer: 'x\ud800y' },
  };
  const outcome = createRowImporter(settings).take(record);
  assert.ok(outcome.kind === 'row' && outcome.row.kind === 'sft');
  assert.deepEqual(outcome.row.messages, [user('ab'), assistant('x\ufffdy')]);
  assert.deepEqual(outcome.row.flags.map(({ code }) => code).toSorted(), [
    'FALLBACK_ENCODING',
    'NUL_REMOVED',
    'REPLACED_CHARACTER',
  ]);
});

test('provenance: place, licence, teacher with its terms, and who may train on it (D-14)', () => {
  const { source, training_eligible: eligible } = row({ question: 'q', answer: 'a', model: 'gpt-4o', license: 'MIT' });
  assert.deepEqual(
    { source, eligible },
    {
      source: {
        type: 'file',
        uri: 'rows.jsonl',
        line: 3,
        byte_offset: 40,
        licence: 'MIT',
        teacher: 'openai/gpt-4o',
        teacher_terms: 'review',
      },
      eligible: 'review',
    },
  );
  assert.equal(row({ question: 'q', answer: 'a', model: 'sedan' }).source.teacher, undefined);
  assert.equal(
    row({ question: 'q', answer: 'a' }, { teacher: 'local/qwen', licence: 'apache-2.0' }).training_eligible,
    true,
  );
  assert.equal(row({ question: 'q', answer: 'a' }, { teacher: 'local/unknown' }).training_eligible, 'review');
});

test('the system prompt of the import goes where a row brings none, never into text', () => {
  const more = { systemPrompt: 'S' };
  assert.deepEqual(messagesOf({ question: 'q', answer: 'a' }, more)[0], { role: 'system', content: 'S' });
  assert.deepEqual(messagesOf({ instruction: 'q', output: 'a', system: 'own' }, more)[0], {
    role: 'system',
    content: 'own',
  });
  const pair = row({ prompt: 'q', chosen: 'good', rejected: 'bad' }, more);
  assert.equal(pair.kind === 'preference' && pair.prompt[0]?.content, 'S');
  assert.equal(row({ text: 'Once.' }, more).kind, 'text');
});

test('keys that only look like ones of an object do no harm', () => {
  const hostile = JSON.parse('{"__proto__":{"answer":"x"},"constructor":"c","question":"q","answer":"a"}') as unknown;
  assert.deepEqual(messagesOf(hostile), asked);
  assert.equal(codeOf({ messages: [{ role: 'constructor', content: 'q' }] }), 'BAD_ROLE');
  assert.equal(codeOf({ conversations: [{ from: 'toString', value: 'q' }] }), 'BAD_ROLE');
});
