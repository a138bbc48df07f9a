import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseHubPart, hubPartsOf } from './hub-parts.ts';

const file = (path: string, bytes = 10) => ({ path, bytes });
const named = (files: readonly { path: string; bytes: number }[], isConverted = false) =>
  hubPartsOf(files, isConverted).map(({ configuration, split, files: count }) => [`${configuration}/${split}`, count]);

test('files are told apart by the words in their names and folders, as the hub does it', () => {
  const files = [
    'README.md',
    'dataset_infos.json',
    'data/train-00000-of-00002.parquet',
    'data/train-00001-of-00002.parquet',
    'data/validation.jsonl.gz',
    'data/test.csv',
    'licence.txt',
  ].map((path) => file(path));
  assert.deepEqual(named([...files, file('data/empty.csv', 0)]), [
    ['default/train', 2],
    ['default/validation', 1],
    ['default/test', 1],
  ]);
  assert.deepEqual(named([file('en/train.jsonl'), file('de/train.jsonl'), file('de/dev.jsonl'), file('train/a.csv')]), [
    ['en/train', 1],
    ['de/train', 1],
    ['de/validation', 1],
    ['default/train', 1],
  ]);
  assert.deepEqual(named([file('rows.jsonl'), file('contest.jsonl')]), [['default/train', 2]]);
});

test('of the converted branch folders are the configuration and the split', () => {
  const files = [file('en/train/0000.parquet'), file('en/partial-test/0000.parquet'), file('readme.parquet')];
  assert.deepEqual(named(files, true), [
    ['en/train', 1],
    ['en/test', 1],
  ]);
});

test('without a word the training part of the only or the usual configuration is meant; otherwise a person has to say', () => {
  const parts = hubPartsOf([file('en/train.csv'), file('de/train.csv'), file('de/test.csv')], false);
  const choose = (configuration: string | null, split: string | null): string | null => {
    const part = chooseHubPart(parts, { configuration, split });
    return part === null ? null : `${part.configuration}/${part.split}`;
  };
  assert.equal(choose(null, null), null);
  assert.equal(choose('de', null), 'de/train');
  assert.equal(choose('de', 'test'), 'de/test');
  assert.equal(choose('fr', null), null);
  const two = hubPartsOf([file('validation.csv'), file('test.csv')], false);
  assert.equal(chooseHubPart(two, { configuration: null, split: null }), null);
  assert.equal(chooseHubPart(two.slice(0, 1), { configuration: null, split: null })?.split, 'validation');
});
