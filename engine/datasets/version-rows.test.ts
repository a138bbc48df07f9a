import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { datasetVersion } from '#contract/dataset-versions.ts';
import { promptGroup } from '#core/foundry/import/row-identity.ts';
import { sftRow, textRow } from '#core/foundry/fake-rows.ts';
import { dataChoiceOf, divideRows, readRowsOf } from './data-choice.ts';
import { versionBeside } from './version-rows.ts';

let folder = '';
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'forge-version-rows-'))));
after(() => rm(folder, { recursive: true, force: true }));

const sideOf = (index: number) => (index % 20 < 12 ? 'train' : index % 20 < 15 ? 'validation' : 'test');
const split = { seed: 5, validationShare: 0.2, testShare: 0.3 };
const digest = 'a'.repeat(64);

async function writeVersion(frozen: typeof split | null): Promise<string> {
  const rows = Array.from({ length: 60 }, (_, index) =>
    sftRow(`Question ${index * 7919} of ${index}?`, `answer ${index}`, {
      ...{ id: `id-${index}`, group: `group ${index % 20}` },
      ...(frozen === null ? {} : { side: sideOf(index) }),
    }),
  );
  const others = [
    textRow('only text'),
    sftRow('for review', 'a', { training_eligible: 'review' }),
    sftRow('forbidden', 'a', { training_eligible: false }),
  ];
  await writeFile(
    path.join(folder, 'rows.jsonl'),
    [...rows, ...others].map((row) => `${JSON.stringify(row)}\n`).join(''),
  );
  const counts = { rows: 63, seen: 63, rejected: 0, merged: 0, sizeBytes: 9, kinds: {} };
  const version = datasetVersion.parse({
    ...{ schema: 'forge.dataset/1', name: 'mine', version: 3, createdAt: 1, parent: null, digest, ...counts },
    ...{ recipe: { import: null, steps: [], split: frozen }, files: { rows: digest, rejects: null } },
    ...{ sources: [], warnings: [] },
  });
  await writeFile(path.join(folder, 'version.json'), JSON.stringify(version));
  return path.join(folder, 'rows.jsonl');
}

test('the main job gets the examples of a version that may be trained on, in their groups; the rest is told', async () => {
  const file = await writeVersion(null);
  const choice = await dataChoiceOf({ dataset: file }, '/nowhere');
  const { rows, report } = await readRowsOf(choice);
  assert.deepEqual([report.name, report.rows, report.rejected.total, report.sha256], ['mine:v3', 60, 3, digest]);
  assert.deepEqual(
    rows.slice(0, 2).map(({ group }) => group),
    ['group 0', 'group 1'],
  );
  assert.equal(new Set(rows.map(({ group }) => group)).size, 20);
});

test('the split a version was frozen with is the split of the main job, unless the request says its own', async () => {
  const file = await writeVersion(split);
  const choice = await dataChoiceOf({ dataset: file }, '/nowhere');
  const { rows } = await readRowsOf(choice);
  const { train, validation, heldOut, report } = divideRows(rows, choice);
  const numbersOf = (side: typeof train): number[] => side.map(({ source }) => Number(source?.id?.slice(3)));
  const expected = (side: string): number[] =>
    Array.from({ length: 60 }, (_, index) => index).filter((index) => sideOf(index) === side);
  assert.deepEqual([train, validation, heldOut].map(numbersOf), [
    expected('train'),
    expected('validation'),
    expected('test'),
  ]);
  assert.ok(report.heldOut.rows > 0 && report.validation.rows > 0);
  const own = await dataChoiceOf({ dataset: file, heldOutRows: 6 }, '/nowhere');
  assert.deepEqual([own.frozen, divideRows(rows, own).report.heldOutWanted], [undefined, 6]);
});

test('a group that is only the hash of the prompt is looked for anew, so that near-equal prompts go together', async () => {
  await writeVersion(null);
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const prompts = [
    'What is the capital of the large country France?',
    'What is the capital of the large country of France?',
  ];
  const rows = prompts.map((prompt, index) =>
    sftRow(prompt, `Paris ${index}`, { id: `${index}`, group: promptGroup(prompt, `${index}`, digest) }),
  );
  const others = Array.from({ length: 8 }, (_, index) =>
    sftRow(`${'abcdefgh'[index]?.repeat(9)} ${index}`, 'a', {
      id: `o${index}`,
      group: promptGroup(`${'abcdefgh'[index]?.repeat(9)} ${index}`, '', digest),
    }),
  );
  const file = path.join(folder, 'rows.jsonl');
  await writeFile(file, [...rows, ...others].map((row) => `${JSON.stringify(row)}\n`).join(''));
  const read = await readRowsOf(await dataChoiceOf({ dataset: file }, '/nowhere'));
  assert.deepEqual([read.report.groups.origin, read.report.groups.count], ['near-duplicates', 9]);
});

test('a file of that name beside something else is a file like any other', async () => {
  const file = await writeVersion(null);
  await writeFile(path.join(folder, 'version.json'), '{"version":"1.2.3"}');
  assert.equal(await versionBeside(file), null);
  await writeFile(path.join(folder, 'version.json'), 'no JSON');
  assert.equal(await versionBeside(file), null);
  assert.equal(await versionBeside('/nowhere/rows.jsonl'), null);
});

test('passages of text are learned whole, and measured by what follows their beginning', async () => {
  const passages = Array.from(
    { length: 12 },
    (_, index) => `Chapter ${index}. ${`Word ${index} and more. `.repeat(20 + index)}`,
  );
  const file = await writeVersion(null);
  const rows = [...passages.map((text) => textRow(text, { group: text.slice(0, 12) })), textRow('short')];
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const choice = await dataChoiceOf({ dataset: file }, '/nowhere');
  const { rows: read, report } = await readRowsOf(choice);
  assert.deepEqual([report.rows, report.rejected.total], [12, 1]);
  assert.deepEqual(
    read.map(({ text }) => text),
    passages,
  );
  assert.deepEqual(
    read[0]?.messages.map(({ role }) => role),
    ['user', 'assistant'],
  );
});
