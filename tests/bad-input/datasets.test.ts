// Datasets that cannot be used, given to the real command line and the real engine.
import assert from 'node:assert/strict';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { goodRows, writeDatasetFiles } from './dataset-files.ts';
import {
  anotherUser,
  assertNothingHalfMade,
  forge,
  newFolder,
  newHome,
  refused,
  type Refusal,
} from './forge-command.ts';

let home = '';
let folder = '';

const cleanUps: (() => Promise<void>)[] = [];

before(async () => {
  const atTheEnd = { after: (work: () => Promise<void>) => void cleanUps.push(work) };
  home = await newHome(atTheEnd);
  folder = await newFolder(atTheEnd);
  writeDatasetFiles(folder);
  // One engine for all of them: what is looked at is what the person is told.
  const { code, err } = await forge(['ui', '--no-open', '--home', home]);
  assert.equal(code, 0, err);
});

after(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

function train(name: string): string[] {
  return ['train', '--dataset', path.join(folder, name), '--home', home];
}

const input = { exitCode: 2 } as const;
const again = /then run the same command again\.$/;
const atLeast = /at least 8/;
const asText = /^Export the examples as CSV or JSONL/;

const cases: readonly (readonly [what: string, file: string, refusal: Refusal])[] = [
  [
    'a missing file',
    'nowhere.csv',
    { ...input, code: 'dataset.not-found', says: /no file at .*nowhere\.csv/, remedy: again },
  ],
  [
    'a path through a file',
    'good.csv/more.csv',
    { ...input, code: 'dataset.not-found', says: /no file at .*more\.csv/, remedy: again },
  ],
  [
    'a folder',
    'folder.csv',
    { ...input, code: 'dataset.is-directory', says: /folder\.csv is a folder/, remedy: /Name one file inside it/ },
  ],
  ['an empty file', 'empty.csv', { ...input, code: 'dataset.empty', says: /empty\.csv is empty/, remedy: atLeast }],
  [
    'a file of blank lines',
    'spaces.csv',
    { ...input, code: 'dataset.empty', says: /spaces\.csv is empty/, remedy: atLeast },
  ],
  [
    'a header without rows',
    'header.csv',
    {
      ...input,
      code: 'dataset.header-only',
      says: /.*\/header\.csv has a header line \(question, answer\)/,
      remedy: atLeast,
    },
  ],
  [
    'bytes that are no text',
    'binary.csv',
    { ...input, code: 'dataset.binary', says: /binary\.csv is not a text file/, remedy: asText },
  ],
  ['a workbook', 'book.xlsx', { ...input, code: 'dataset.binary', says: /ZIP archive .*Excel/, remedy: asText }],
  [
    '10 GB',
    'huge.csv',
    {
      ...input,
      code: 'dataset.too-large',
      says: /huge\.csv has 10\.0 GiB, more than the 2\.0 GiB/,
      remedy: /Use a part of it/,
    },
  ],
  [
    'other columns',
    'columns.csv',
    {
      ...input,
      code: 'dataset.columns-unknown',
      says: /\/columns\.csv .*Seen: colour, size\. .*question\/answer/,
      remedy: /`question`.*`answer`/,
    },
  ],
  [
    'one row',
    'one.csv',
    { ...input, code: 'dataset.too-few-rows', says: /\/one\.csv: 1\. At least 8 /, remedy: /^Add examples/ },
  ],
  [
    'no answers',
    'no-answers.csv',
    {
      ...input,
      code: 'dataset.all-rejected',
      says: /30 records in .*\/no-answers\.csv .*30 without an answer.* line 2: the answer is empty/,
      remedy: again,
    },
  ],
  [
    'too few answers',
    'few-answers.csv',
    {
      ...input,
      code: 'dataset.too-few-rows',
      says: /: 5\. .*25 were rejected \(25 without an answer\)/,
      remedy: /^Add examples/,
    },
  ],
  [
    'torn JSON',
    'broken.jsonl',
    { ...input, code: 'dataset.all-rejected', says: /1 cut off in the middle.*line 1: /, remedy: again },
  ],
  [
    'preference pairs',
    'preference.jsonl',
    {
      ...input,
      code: 'dataset.unsupported-kind',
      says: /chosen and rejected/,
      remedy: /one question and one good answer/,
    },
  ],
];

for (const [what, file, refusal] of cases) {
  test(`as a dataset ${what} is refused with its place and a remedy`, async () => {
    await refused(train(file), refusal);
  });
}

test('an unreadable dataset is refused with the reason', async (t) => {
  const own = await newFolder(t);
  const file = path.join(own, 'secret.csv');
  writeFileSync(file, goodRows(60), { mode: 0o000 });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(own, anotherUser.uid, anotherUser.gid);
  const by = isRoot ? anotherUser : {};
  const isPossible = process.platform !== 'win32' && (await forge(['--version'], {}, by)).code === 0;
  if (!isPossible) {
    t.skip('NOT CHECKED: permissions do not bind this user, and another one can not run the command line');
    return;
  }
  const says = /secret\.csv could not be read: permission denied/;
  const refusal = { ...input, code: 'dataset.not-readable', says, remedy: /read permission/ };
  const home = path.join(own, 'home');
  await refused(['train', '--dataset', file, '--home', home], isRoot ? { ...refusal, by: anotherUser } : refusal);
  assertNothingHalfMade(home);
});

test('of a file in two encodings what can be decoded is used, and the rest is counted in words', async () => {
  const done = await forge([...train('mixed.csv'), '--dry-run', '--json']);
  assert.equal(done.code, 0, done.err);
  const { lines } = JSON.parse(done.out) as { lines: string[] };
  assert.match(lines.join('\n'), /mixed\.csv: 15 rows \(15 rejected\)/);
  assert.match(lines.join('\n'), /15 of 30 records were rejected: 15 with text that cannot be decoded\./);
});

test('a corrected dataset takes the version its refused predecessor left, and no refused one counts as a model', async () => {
  const names = ['train', '--dataset', path.join(folder, 'one.csv'), '--name', 'parcels', '--home', home];
  await refused(names, { ...input, code: 'dataset.too-few-rows', says: /one\.csv/, remedy: /./ });
  const better = names.map((word) => word.replace('one.csv', 'columns.csv'));
  await refused(better, { ...input, code: 'dataset.columns-unknown', says: /columns\.csv/, remedy: /./ });
  assert.deepEqual(
    [1, 2].map((version) => existsSync(path.join(home, 'models', 'parcels', `v${version}`))),
    [true, false],
  );
  assert.deepEqual(JSON.parse((await forge(['models', '--json', '--home', home])).out), []);
});

test('without an engine the command starts one, is refused and leaves nothing behind', async (t) => {
  const own = await newHome(t);
  mkdirSync(own);
  const words = ['train', '--dataset', path.join(folder, 'header.csv'), '--home', own];
  await refused(words, { ...input, code: 'dataset.header-only', says: /header\.csv/, remedy: atLeast });
  assertNothingHalfMade(own);
});

test('after all of them the engine is well and stops in good order', async () => {
  const { out } = await forge(['status', '--json', '--home', home]);
  assert.equal((JSON.parse(out) as { running: boolean }).running, true);
  assert.equal((await forge(['stop', '--home', home])).code, 0);
  assertNothingHalfMade(home);
});
