// Five piles as people bring them, by the command line alone from the file to a trained model: import, study, duplicates, split, training.
// The home lies in the test cache: Python and the prepared base outlive a run. Trained for real on SmolLM2, a few steps each, without the export; that the
// file of a model is what was measured is proved by the other tests of this folder. Two piles are trained on each time, the table and the documents;
// `FORGE_MESSY_TRAININGS=all` trains on all five (five minutes on two quiet cores), else the others end with the plan of the same training.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { CheckReport, FreezeReport } from '#contract/dataset-checks.ts';
import type { ImportReport } from '#contract/dataset-versions.ts';
import type { DocumentReport } from '#contract/document-imports.ts';
import { mainJobResult, type MainJobResult } from '#contract/main-job.ts';
import { planPreview } from '#contract/plan-preview.ts';
import { testCache } from '../fixtures/base-gguf.ts';
import { goodRecords, writeMessyFiles, type MessyFiles } from '../fixtures/messy-files.ts';
import { npmCommand } from './npm-command.ts';

const home = path.join(process.env['FORGE_TEST_CACHE'] ?? testCache, 'end-to-end-home');
const kept: readonly string[] = ['envs', 'tools', 'base-models', 'cache'];
/** Enough to see that it learns from these rows; what it gains is measured elsewhere. */
const fewSteps = ['--epochs', '0.2', '--set', 'microBatchSize=2,maxLength=256'];
const timeout = 20 * 60_000;

let folder = '';
let files: MessyFiles;

before(async () => {
  await mkdir(home, { recursive: true });
  await npmCommand('forge', ['stop', '--json'], home);
  for (const name of await readdir(home))
    if (!kept.includes(name)) await rm(path.join(home, name), { recursive: true, force: true });
  folder = await mkdtemp(path.join(tmpdir(), 'Mina filer å '));
  files = await writeMessyFiles(folder);
});
after(async () => {
  await npmCommand('forge', ['stop', '--json'], home);
  await rm(folder, { recursive: true, force: true });
});

async function forge<T>(...words: string[]): Promise<T> {
  const done = await npmCommand('forge', [...words, '--json'], home);
  assert.equal(done.code, 0, `forge ${words.join(' ')}: ${done.stderr.slice(-4000)}`);
  return JSON.parse(done.stdout) as T;
}

/** From an imported version on: looked at, rid of duplicates, frozen with its split. */
async function frozenVersion(name: string): Promise<FreezeReport> {
  await forge('study', name);
  await forge<CheckReport>('data', 'dedupe', name);
  const split = ['--split', '--validation', '0.15', '--test', '0.25'];
  return forge<FreezeReport>('data', 'freeze', name, '--step', 'exact', ...split);
}

/** The sides of the version are those of the plan; with all trainings asked for, it is trained on as well. */
async function planOrTrainOn(t: TestContext, name: string): Promise<void> {
  if (process.env['FORGE_MESSY_TRAININGS'] === 'all') return void (await trainOn(t, name));
  const { version, sides } = await frozenVersion(name);
  assert.ok(sides !== null);
  const words = ['train', '--dataset', `${name}:v${version}`, '--name', name, ...fewSteps, '--dry-run'];
  const { split, report } = planPreview.parse(await forge(...words));
  t.diagnostic(`${name}: ${JSON.stringify(sides)}, ${report.rejected.total} not for training`);
  const rows = split.train.rows + split.validation.rows + split.heldOut.rows;
  assert.equal(rows, sides.train + sides.validation + sides.test - report.rejected.total);
  assert.equal(split.heldOut.rows, sides.test);
}

async function trainOn(t: TestContext, name: string): Promise<MainJobResult> {
  const frozen = await frozenVersion(name);
  const started = performance.now();
  const train = ['train', '--dataset', `${name}:v${frozen.version}`, '--name', name, '--no-export', ...fewSteps];
  const result = mainJobResult.parse(await forge(...train));
  t.diagnostic(
    `${name}: ${JSON.stringify(result.rows)}, trained in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  assert.ok(result.adapterPath !== null);
  assert.notDeepEqual(await readdir(result.adapterPath), []);
  assert.ok(
    result.rows.train > 0 && result.rows.validation > 0 && result.rows.heldOut > 0,
    JSON.stringify(result.rows),
  );
  await assertSidesKept(result, frozen);
  return result;
}

/** The rows it learned from, stopped by and was kept from are the three sides of the frozen version, and the build names the version. */
async function assertSidesKept({ name, version }: MainJobResult, frozen: FreezeReport): Promise<void> {
  const place = path.join(home, 'models', name, `v${version}`);
  const build = JSON.parse(await readFile(path.join(place, 'build.json'), 'utf8')) as {
    steps: { dataset: { output: { version: { name: string; version: number; digest: string } } } };
  };
  assert.deepEqual(build.steps.dataset.output.version, {
    ...{ name: frozen.name, version: frozen.version, digest: frozen.digest },
  });
  const rows = await linesOf(path.join(home, 'datasets', frozen.name, `v${frozen.version}`, 'rows.jsonl'));
  const sides = new Map(rows.map(({ id, side }) => [id, side]));
  for (const [file, side] of [
    ['train', 'train'],
    ['validation', 'validation'],
    ['held-out', 'test'],
  ] as const) {
    const used = await linesOf(path.join(place, 'data', `${file}.jsonl`));
    assert.ok(used.length > 0);
    for (const { source } of used) assert.equal(sides.get(source?.id ?? ''), side);
  }
}

async function linesOf(file: string): Promise<{ id: string; side?: string; source?: { id?: string } }[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id: string });
}

test('a spreadsheet in Latin-1 with semicolons', { timeout }, async (t) => {
  const mapping = 'prompt=Kundenanfrage,answer=Antwort des Teams';
  const report = await forge<ImportReport>('data', 'import', files.spreadsheet, '--as', 'customers', '--map', mapping);
  assert.deepEqual([report.seen, report.accepted, report.rejected], [63, goodRecords.spreadsheet, 3]);
  await planOrTrainOn(t, 'customers');
});

test('an export of chats', { timeout }, async (t) => {
  const report = await forge<ImportReport>('data', 'import', files.chats, '--as', 'chats');
  assert.deepEqual([report.seen, report.accepted, report.rejected], [50, goodRecords.chats + 1, 1]);
  await planOrTrainOn(t, 'chats');
});

test('nested JSON, two of its parts as the question', { timeout }, async (t) => {
  const mapping = 'prompt={ticket.subject}: {ticket.body},answer=reply.html';
  const report = await forge<ImportReport>('data', 'import', files.nested, '--as', 'help-desk', '--map', mapping);
  assert.deepEqual([report.accepted, report.rejected], [goodRecords.nested, 0]);
  await planOrTrainOn(t, 'help-desk');
});

test('Parquet with columns in columns', { timeout }, async (t) => {
  const mapping = 'prompt=question.body,answer=replies.0.text';
  const report = await forge<ImportReport>('data', 'import', files.columns, '--as', 'cleaning', '--map', mapping);
  assert.deepEqual([report.accepted, report.rejected], [goodRecords.columns, 0]);
  await planOrTrainOn(t, 'cleaning');
});

test('a folder of documents: its passages are learned as they stand', { timeout }, async (t) => {
  const report = await forge<DocumentReport>('data', 'documents', files.documents, '--as', 'manuals');
  assert.deepEqual([report.documents, report.failedCount, report.ignoredCount], [29, 0, 1]);
  const { name, version } = await trainOn(t, 'manuals');
  const rows = await readFile(path.join(home, 'models', name, `v${version}`, 'data', 'train.jsonl'), 'utf8');
  assert.match(rows, /"text":/);
});

test('a file that is given to the training becomes a version by itself, once', { timeout }, async () => {
  const words = ['--dataset', files.spreadsheet, '--map', 'prompt=Kundenanfrage,answer=Antwort des Teams'];
  const train = ['train', ...words, '--name', 'own', '--no-export', ...fewSteps];
  const first = mainJobResult.parse(await forge(...train));
  assert.equal(first.rows.rejected, 3);
  // The same bytes again: nothing is trained anew, and no second version is made.
  await forge(...train);
  const versions = await forge<{ name: string; version: number }[]>('data', 'versions');
  assert.deepEqual(
    versions.filter(({ name }) => name === 'kundenanfragen-marz').map(({ version }) => version),
    [1],
  );
});
