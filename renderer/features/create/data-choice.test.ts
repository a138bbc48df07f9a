import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemOf, readTypedSource } from './data-source.ts';
import { columnsOfFailure, completedMapping, withPlace } from './mapping-change.ts';
import { answerParts } from './answer-difference.ts';

test('paths of every system, quoted ones and hub names are understood', () => {
  const sources = [
    '/a/b c.csv',
    '"C:\\x\\y.csv"',
    '/t.jsonl',
    'hf:owner/name@v1',
    'https://huggingface.co/datasets/o/n?x',
  ];
  assert.deepEqual(
    sources.map((text) => readTypedSource(text)),
    [
      { kind: 'path', source: '/a/b c.csv', label: 'b c.csv' },
      { kind: 'path', source: 'C:\\x\\y.csv', label: 'y.csv' },
      { kind: 'path', source: '/t.jsonl', label: 't.jsonl' },
      { kind: 'hub', source: 'hf:owner/name@v1', label: 'owner/name@v1' },
      { kind: 'hub', source: 'hf:o/n', label: 'o/n' },
    ],
  );
});

test('what is no place of data is told apart', () => {
  const kinds = ['', ' ', 'hf:x', 'https://example.org/a.csv', 'a.csv', '~/a.csv'].map((text) => {
    const read = readTypedSource(text);
    return read.kind === 'not-understood' ? read.reason : read.kind;
  });
  assert.deepEqual(kinds, ['empty', 'empty', 'hub-name', 'web-address', 'relative', 'relative']);
});

test('a 5 GB file is refused before a byte is sent, but read where it lies', () => {
  const file = { name: 'all.jsonl', sizeBytes: 5e9 };
  assert.equal(problemOf(file, false)?.kind, 'too-large');
  assert.equal(problemOf(file, true), null);
});

test('wrong types are named by what they are', () => {
  const types = ['a.XLSX', 'b.pdf', 'c.csv.gz', 'd.parquet', 'e.png', 'f.gguf'].map((name) => {
    const problem = problemOf({ name, sizeBytes: 9 }, false);
    return problem?.kind === 'wrong-type' ? problem.type : null;
  });
  assert.deepEqual(types, ['spreadsheet', 'document', 'archive', 'parquet', 'picture', 'model']);
  assert.equal(problemOf({ name: 'Tickets März.csv', sizeBytes: 9 }, false), null);
  assert.equal(problemOf({ name: 'no-ending', sizeBytes: 9 }, false), null);
  assert.equal(problemOf({ name: 'a.csv', sizeBytes: 0 }, false)?.kind, 'empty');
});

test('a column that was elsewhere changes places', () => {
  const mapping = { prompt: 'question', answer: 'reply', group: 'customer' };
  assert.deepEqual(withPlace(mapping, 'prompt', 'reply'), { prompt: 'reply', answer: 'question', group: 'customer' });
  assert.deepEqual(withPlace(mapping, 'prompt', 'customer'), { prompt: 'customer', answer: 'reply' });
  assert.deepEqual(withPlace(mapping, 'group', null), { prompt: 'question', answer: 'reply' });
  assert.deepEqual(withPlace({}, 'answer', 'b'), { answer: 'b' });
});

test('a mapping without prompt or answer cannot be sent', () => {
  assert.equal(completedMapping({ prompt: 'a' }), null);
  assert.deepEqual(completedMapping({ prompt: 'a', answer: 'b', id: 'c' }), { prompt: 'a', answer: 'b', id: 'c' });
});

test('the columns of a failed reading are offered, commas and all; nonsense is not', () => {
  const failure = (code: string, columns: string | null) => ({
    code,
    message: '',
    remedy: '',
    retryable: false,
    exitCode: 2,
    detail: { columns },
    correlationId: null,
  });
  assert.deepEqual(columnsOfFailure(failure('dataset.columns-unknown', '["a, b","c"]')), ['a, b', 'c']);
  assert.equal(columnsOfFailure(failure('dataset.columns-unknown', '{')), null);
  assert.equal(columnsOfFailure(failure('dataset.not-found', '["a"]')), null);
  assert.equal(columnsOfFailure(null), null);
});

test('an answer is marked where it is not as expected, and stays whole', () => {
  const parts = answerParts('{"queue":"billing"}', '{"queue":"returns"}');
  assert.equal(parts.map(({ text }) => text).join(''), '{"queue":"billing"}');
  assert.deepEqual(
    parts.filter(({ differs }) => differs).map(({ text }) => text),
    ['billing'],
  );
  assert.deepEqual(answerParts('same', 'same'), [{ text: 'same', differs: false }]);
  assert.deepEqual(answerParts('', 'x'), []);
  assert.equal(answerParts('a '.repeat(9000), 'b').length, 1);
});
