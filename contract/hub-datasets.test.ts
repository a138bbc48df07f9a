import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubSourceText, parseHubSource } from './hub-datasets.ts';

test('a dataset of the hub is named with revision, configuration and split, or by its page', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['hf:owner/name', 'hf:owner/name'],
    ['hf:owner/name@v1.0', 'hf:owner/name@v1.0'],
    ['hf:owner/name@refs/convert/parquet:en', 'hf:owner/name@refs/convert/parquet:en'],
    ['HF:owner/name:en/train', 'hf:owner/name:en/train'],
    ['https://huggingface.co/datasets/owner/name', 'hf:owner/name'],
    ['https://huggingface.co/datasets/owner/name/tree/main', 'hf:owner/name'],
    ['https://huggingface.co/datasets/owner/name/viewer/en/test?row=3', 'hf:owner/name:en/test'],
  ];
  for (const [text, wanted] of cases) {
    const source = parseHubSource(text);
    assert.equal(source && hubSourceText(source), wanted, text);
  }
  for (const text of [
    'hf:',
    'hf:name',
    'hf:../../etc',
    'hf:a/b@../x',
    'hf:a/b:c/d/e',
    'https://example.com/datasets/a/b',
    '/a/b',
  ])
    assert.equal(parseHubSource(text), null, text);
});
