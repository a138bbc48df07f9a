import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { datasetReport, datasetRow, type RowMessage } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { convertRecord, isObject } from './convert-record.ts';
import { createFakeDatasetSource, fieldRecords, valueRecords } from './fake-dataset-source.ts';
import { readDataset, type ReadDataset, type ReadDatasetOptions } from './read-dataset.ts';

function fillers(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => ({
    prompt: `filler question ${index}`,
    completion: `filler ${index}`,
  }));
}

/** Reads the given objects together with enough plain rows for a data set. */
function readValues(values: readonly unknown[], options: ReadDatasetOptions = {}): Promise<ReadDataset> {
  return readDataset(createFakeDatasetSource(valueRecords([...values, ...fillers(8)])), options);
}

function readCsv(rows: readonly (readonly string[])[], options: ReadDatasetOptions = {}): Promise<ReadDataset> {
  return readDataset(createFakeDatasetSource(fieldRecords(rows), 'csv'), options);
}

function numbered(count: number, header: readonly string[]): string[][] {
  return [[...header], ...Array.from({ length: count }, (_, index) => header.map((name) => `${name} number ${index}`))];
}

async function rejectsWith(code: string, pattern: RegExp, run: () => Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => {
    assert.ok(error instanceof ForgeError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  });
}

const user = (content: string): RowMessage => ({ role: 'user', content });
const assistant = (content: string): RowMessage => ({ role: 'assistant', content });

const shapes: readonly (readonly [name: string, value: unknown, format: string, messages: RowMessage[]])[] = [
  [
    'OpenAI messages with weights',
    {
      messages: [
        { role: 'system', content: 'S' },
        user('a'),
        { ...assistant('b'), weight: 0 },
        user('c'),
        { ...assistant('d'), weight: 1 },
      ],
    },
    'messages',
    [
      { role: 'system', content: 'S' },
      user('a'),
      { ...assistant('b'), weight: 0 },
      user('c'),
      { ...assistant('d'), weight: 1 },
    ],
  ],
  [
    'OpenAI messages in text parts, with a developer message and an empty list of tools',
    {
      messages: [
        { role: 'developer', content: 'S' },
        { role: 'user', content: [{ type: 'text', text: 'a' }] },
        assistant('b'),
      ],
      tools: [],
    },
    'messages',
    [{ role: 'system', content: 'S' }, user('a'), assistant('b')],
  ],
  [
    'ShareGPT conversations',
    {
      conversations: [
        { from: 'system', value: 'S' },
        { from: 'human', value: 'a' },
        { from: 'gpt', value: 'b' },
      ],
    },
    'sharegpt',
    [{ role: 'system', content: 'S' }, user('a'), assistant('b')],
  ],
  [
    'Alpaca with input, system and history',
    { instruction: 'Translate', input: 'Hallo', output: 'Hello', system: 'S', history: [['q', 'r']] },
    'alpaca',
    [{ role: 'system', content: 'S' }, user('q'), assistant('r'), user('Translate\nHallo'), assistant('Hello')],
  ],
  [
    'Alpaca without input',
    { instruction: 'Say hi', input: '', output: 'hi' },
    'alpaca',
    [user('Say hi'), assistant('hi')],
  ],
  ['prompt and completion', { prompt: 'a', completion: ' b' }, 'prompt-completion', [user('a'), assistant('b')]],
  [
    'prompt and completion as message lists',
    { prompt: [user('a')], completion: [assistant('b')] },
    'prompt-completion',
    [user('a'), assistant('b')],
  ],
  ['input and output', { input: 'a', output: 'b' }, 'input-output', [user('a'), assistant('b')]],
  ['an answer that is an object', { ticket: 'a', answer: { x: 1 } }, 'columns', [user('a'), assistant('{"x":1}')]],
  ['text and label', { text: 'a', label: 3 }, 'columns', [user('a'), assistant('3')]],
];

for (const [name, value, format, messages] of shapes) {
  test(`${name} becomes a row`, async () => {
    const { rows } = await readValues([value]);
    assert.deepEqual(rows[0]?.messages, messages);
    const converted = isObject(value) ? convertRecord(value, undefined) : undefined;
    assert.equal(converted?.ok === true && converted.value.format, format);
  });
}

const refused: readonly (readonly [name: string, value: unknown, reason: string])[] = [
  ['an answer of spaces', { prompt: 'a', completion: '  ' }, 'EMPTY_ANSWER'],
  ['an answer of null', { prompt: 'a', completion: null }, 'EMPTY_ANSWER'],
  ['no question', { prompt: '', completion: 'b' }, 'EMPTY_PROMPT'],
  [
    'a ShareGPT row in which the human comes second',
    {
      conversations: [
        { from: 'gpt', value: 'a' },
        { from: 'human', value: 'b' },
      ],
    },
    'BAD_ROLE_ORDER',
  ],
  ['a conversation that ends with a question', { messages: [user('a'), assistant('b'), user('c')] }, 'BAD_ROLE_ORDER'],
  ['two answers in a row', { messages: [user('a'), assistant('b'), assistant('c')] }, 'BAD_ROLE_ORDER'],
  [
    'a system message in the middle',
    { messages: [user('a'), { role: 'system', content: 's' }, assistant('b')] },
    'BAD_ROLE_ORDER',
  ],
  ['an unknown role', { messages: [{ role: 'narrator', content: 'a' }, assistant('b')] }, 'BAD_ROLE'],
  [
    'a role named like a property of every object',
    { messages: [{ role: 'constructor', content: 'a' }, assistant('b')] },
    'BAD_ROLE',
  ],
  [
    'a picture',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }, assistant('b')] },
    'UNSUPPORTED_PART',
  ],
  ['tools', { messages: [user('a'), assistant('b')], tools: [{ type: 'function' }] }, 'UNSUPPORTED_TOOLS'],
  [
    'a tool call',
    { messages: [user('a'), { role: 'assistant', content: null, tool_calls: [{}] }] },
    'UNSUPPORTED_TOOLS',
  ],
  ['a weight of one half', { messages: [user('a'), { ...assistant('b'), weight: 0.5 }] }, 'BAD_WEIGHT'],
  ['a last answer of weight 0', { messages: [user('a'), { ...assistant('b'), weight: 0 }] }, 'NOTHING_TO_LEARN'],
  ['no messages', { messages: [] }, 'EMPTY_PROMPT'],
  ['keys nobody knows', { foo: 'a', bar: 'b' }, 'UNKNOWN_SHAPE'],
  ['a list instead of an object', ['a', 'b'], 'NOT_OBJECT'],
  ['a number instead of an object', 7, 'NOT_OBJECT'],
];

for (const [name, value, reason] of refused) {
  test(`a record with ${name} is rejected as ${reason} with its line`, async () => {
    const { rows, report } = await readValues([value]);
    assert.equal(rows.length, 8);
    assert.deepEqual(report.rejected.byReason, { [reason]: 1 });
    assert.equal(report.rejected.examples[0]?.line, 1);
  });
}

test('CSV rows get their places by column names, with system and group columns', async () => {
  const { rows, report } = await readCsv([
    ['Cluster', 'Ticket ', 'Answer', 'System'],
    ...Array.from({ length: 8 }, (_, index) => [`g${index >> 1}`, `ticket ${index}`, `answer ${index}`, 'Be brief.']),
  ]);
  assert.deepEqual(report.mapping, { prompt: 'Ticket', answer: 'Answer', system: 'System', group: 'Cluster' });
  assert.deepEqual(rows[2]?.messages, [
    { role: 'system', content: 'Be brief.' },
    user('ticket 2'),
    assistant('answer 2'),
  ]);
  assert.deepEqual(
    [rows[2]?.group, rows[3]?.group, rows[2]?.source],
    ['g1', 'g1', { name: 'examples.jsonl', line: 4 }],
  );
  assert.deepEqual(report.groups, { count: 4, origin: 'column', largest: 2 });
});

for (const header of [
  'question,answer',
  'prompt,response',
  'instruction,output',
  'text,label',
  'ID,User Query,Prompt,Reply',
]) {
  test(`the columns ${header} are understood`, async () => {
    const { rows } = await readCsv(numbered(8, header.split(',')));
    assert.equal(rows.length, 8);
  });
}

test('ragged CSV rows are rejected with their lines, the others are kept', async () => {
  const { rows, report } = await readCsv([
    ...numbered(9, ['question', 'answer']),
    ['only one'],
    ['one', 'two', 'three'],
  ]);
  assert.equal(rows.length, 9);
  assert.deepEqual(
    report.rejected.examples.map(({ line, reason, message }) => ({ line, reason, message })),
    [
      { line: 11, reason: 'RAGGED_SHORT', message: 'it has 1 fields, the header has 2' },
      { line: 12, reason: 'RAGGED_LONG', message: 'it has 3 fields, the header has 2' },
    ],
  );
});

test('a mapping given by a person wins over names, and the group is still found', async () => {
  const table = numbered(8, ['question', 'answer', 'body', 'verdict', 'group']);
  const { report } = await readCsv(table, { mapping: { prompt: 'body', answer: 'verdict' } });
  assert.deepEqual(report.mapping, { prompt: 'body', answer: 'verdict', group: 'group' });
  const wrong = (): Promise<unknown> => readCsv(table, { mapping: { prompt: 'boody', answer: 'verdict' } });
  await rejectsWith('dataset.column-missing', /no column boody. Seen: question, answer, body/, wrong);
});

test('unknown columns are an error that names what was seen and what is accepted', async () => {
  const table = numbered(8, ['colour', 'size']);
  await rejectsWith('dataset.columns-unknown', /Seen: colour, size. Understood without help: question\/answer/, () =>
    readCsv(table),
  );
  const objects = Array.from({ length: 9 }, (_, index) => ({ colour: index, size: 'l' }));
  const source = createFakeDatasetSource(valueRecords(objects));
  await rejectsWith('dataset.columns-unknown', /Seen: colour, size/, () => readDataset(source));
});

test('preference data is refused by name instead of learning the rejected answers', async () => {
  const pairs = { prompt: 'a', chosen: 'b', rejected: 'c' };
  await rejectsWith('dataset.unsupported-kind', /chosen and rejected/, () => readValues([pairs]));
  const marked = { prompt: 'a', completion: 'b', label: false };
  await rejectsWith('dataset.unsupported-kind', /good or bad/, () => readValues([marked]));
  await rejectsWith('dataset.unsupported-kind', /chosen/, () => readCsv(numbered(8, ['prompt', 'chosen', 'rejected'])));
});

test('files without rows are told apart: empty, header only, everything rejected, too few', async () => {
  await rejectsWith('dataset.empty', /no examples/, () => readDataset(createFakeDatasetSource([])));
  await rejectsWith('dataset.header-only', /\(question, answer\)/, () => readCsv([['question', 'answer']]));
  const empties = valueRecords(Array.from({ length: 9 }, () => ({ prompt: 'a', completion: '' })));
  await rejectsWith('dataset.all-rejected', /9 records.*9 without an answer.*line 1: the answer is empty/, () =>
    readDataset(createFakeDatasetSource(empties)),
  );
  await rejectsWith('dataset.too-few-rows', /Usable rows in .*: 1\. At least 8/, () =>
    readCsv(numbered(1, ['question', 'answer'])),
  );
  await rejectsWith('dataset.too-few-rows', /: 7\. At least 8 .*0 were rejected and 0 were duplicates/, () =>
    readCsv(numbered(7, ['question', 'answer'])),
  );
  assert.equal((await readCsv(numbered(8, ['question', 'answer']))).rows.length, 8);
});

test('more rows than the limit are refused', async () => {
  await rejectsWith('dataset.too-many-rows', /more than 20 rows/, () =>
    readCsv(numbered(30, ['question', 'answer']), { maximumRows: 20 }),
  );
});

test('exact duplicates are merged and counted, and their groups stay together', async () => {
  const row = (prompt: string, group: string): unknown => ({ prompt, completion: 'x', group });
  const { rows, report } = await readValues([
    row('same', 'a'),
    row('same', 'b'),
    row('one', 'a'),
    row('two', 'b'),
    row('three', 'c'),
  ]);
  assert.deepEqual([report.seen, report.rows, report.duplicates], [13, 12, 1]);
  const groupOf = (prompt: string): string | undefined =>
    rows.find((entry) => entry.messages[0]?.content === prompt)?.group;
  assert.equal(groupOf('one'), groupOf('two'));
  assert.notEqual(groupOf('one'), groupOf('three'));
});

test('rows that answer one question differently are kept, flagged, counted and put in one group', async () => {
  const { rows, report } = await readValues([
    { prompt: 'What is it?', completion: 'a router' },
    { prompt: 'what  is it?', completion: 'a camera' },
  ]);
  assert.equal(report.contradictions, 2);
  assert.deepEqual(report.flags, { CONTRADICTION: 2 });
  assert.equal(rows[0]?.group, rows[1]?.group);
  assert.match(report.warnings.join(' '), /2 of 10 rows ask the same question/);
});

test('half surrogates and NUL signs are repaired and flagged', async () => {
  const { rows, report } = await readValues([{ prompt: 'a\ud800b', completion: 'c\0d' }]);
  assert.deepEqual(rows[0]?.messages, [user('a\ufffdb'), assistant('cd')]);
  assert.deepEqual(report.flags, { REPLACED_CHARACTER: 1, NUL_REMOVED: 1 });
});

test('the system prompt of a domain fills rows that bring none', async () => {
  const { rows } = await readValues([{ messages: [{ role: 'system', content: 'own' }, user('a'), assistant('b')] }], {
    systemPrompt: 'Be brief.',
  });
  assert.deepEqual(
    [rows[0]?.messages[0]?.content, rows[1]?.messages[0]],
    ['own', { role: 'system', content: 'Be brief.' }],
  );
});

test('examples of rejected records are bounded, the full list goes to the caller', async () => {
  const lines: number[] = [];
  const bad = Array.from({ length: 500 }, () => ({ prompt: 'a', completion: '' }));
  const { report } = await readValues(bad, { onRejected: ({ line }) => lines.push(line) });
  assert.deepEqual([report.rejected.total, report.rejected.examples.length, lines.length], [500, 5, 500]);
});

test('header names that repeat or are missing are made unique, and said so', async () => {
  const table = numbered(8, ['question', 'answer', 'answer', '']);
  const { report } = await readCsv(table);
  assert.equal(report.mapping?.answer, 'answer');
  assert.match(report.warnings.join(' '), /answer appears more than once; the later one is called answer_2/);
});

test('whatever the records are, none is lost, the report and the rows fit their schemas, and ids follow the content', async () => {
  const text = fc.constantFrom('', 'a', 'b', 'c', 'a\ud800', 'long text with words');
  const role = fc.constantFrom('system', 'user', 'assistant', 'tool', 'human');
  const record = fc.oneof(
    fc.record({ prompt: text, completion: text, group: text }),
    fc.record({ messages: fc.array(fc.record({ role, content: text }), { maxLength: 5 }) }),
    fc.record({ conversations: fc.array(fc.record({ from: role, value: text }), { maxLength: 5 }) }),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 40 }), async (values) => {
      const { rows, report } = await readValues(values);
      assert.equal(values.length + 8, report.rows + report.rejected.total + report.duplicates);
      datasetReport.parse(report);
      for (const row of rows) datasetRow.parse(row);
      const again = await readValues(values.toReversed());
      assert.deepEqual(new Set(again.rows.map((row) => row.id)), new Set(rows.map((row) => row.id)));
    }),
    { numRuns: 60 },
  );
});
