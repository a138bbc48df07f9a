import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { mainJobRequest } from '#contract/main-job.ts';
import { openFoundry } from '../../foundry/testing/foundry-fixture.ts';
import { createImportFile } from '../../datasets/import-file.ts';
import { createDatasetReadings } from '../../datasets/dataset-readings.ts';
import { readRows } from '../row-files.ts';
import type { StepContext } from '../step.ts';
import { datasetStep } from './dataset-step.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-dataset-step-'));
after(() => rm(root, { recursive: true, force: true }));
const folders = { store: path.join(root, 'store'), datasets: path.join(root, 'datasets') };
const foundry = openFoundry(root);
after(() => foundry.stop());
const dataset = path.join(root, 'own.csv');
await writeFile(
  dataset,
  `Frage,Antwort,Thema\n${Array.from({ length: 30 }, (_, row) => `was ist ${row}?,das ${row},t${row % 6}`).join('\n')}\n`,
);

function contextOf(request: object, directory: string): StepContext {
  const build = { request: mainJobRequest.parse({ dataset, ...request }), requestDigest: 'x' };
  return {
    build,
    directory,
    services: {
      appDirectory: path.resolve(import.meta.dirname, '../../..'),
      readings: createDatasetReadings(),
      importFile: createImportFile(foundry),
      layout: folders,
    },
    report: () => undefined,
    signal: new AbortController().signal,
    note: () => undefined,
  } as unknown as StepContext;
}

test('the columns of the request decide what is asked and what is learned', async () => {
  const mapping = { prompt: 'Antwort', answer: 'Frage', group: 'Thema' };
  const { output } = await datasetStep.run(contextOf({ mapping, heldOutRows: 5 }, root));
  assert.equal(output.report.groups.origin, 'column');
  const rows = await readRows(path.join(root, output.trainPath));
  for (const { messages } of rows) {
    assert.match(messages[0]?.content ?? '', /^das \d+$/);
    assert.match(messages[1]?.content ?? '', /^was ist \d+\?$/);
  }
  assert.ok(output.split.heldOut.rows >= 5);
});

test('a column that is not there ends the step with its name', async () => {
  const mapping = { prompt: 'Mail', answer: 'Antwort' };
  await assert.rejects(
    datasetStep.run(contextOf({ mapping }, root)),
    (error: unknown) =>
      error instanceof ForgeError && error.code === 'dataset.column-missing' && error.detail['column'] === 'Mail',
  );
});

test('a file is learned from as a dataset version: the same file is the same version, and its rejects are told', async () => {
  const file = path.join(root, 'Own mails.csv');
  const rows = Array.from({ length: 30 }, (_, row) => `was ist ${row}?,das ${row}`);
  await writeFile(file, ['question,answer', ...rows, rows[0], 'nur eine Frage'].join('\n'));
  const first = await datasetStep.run(contextOf({ dataset: file }, root));
  const again = await datasetStep.run(contextOf({ dataset: file, seed: 3 }, root));
  assert.deepEqual(first.output.version, again.output.version);
  assert.deepEqual([first.output.version?.name, first.output.version?.version], ['own-mails', 1]);
  const { seen, rows: kept, duplicates, rejected } = first.output.report;
  assert.deepEqual([seen, kept, duplicates, rejected.total], [32, 30, 1, 1]);
  const written = new Date(Date.now() - 60_000);
  await utimes(file, written, written);
  const touched = await datasetStep.run(contextOf({ dataset: file }, root));
  assert.deepEqual(touched.output.version, first.output.version, 'an import of the same bytes makes no second version');
});

test('a file of two columns that nobody knows is refused in the words of its columns', async () => {
  const file = path.join(root, 'unknown.csv');
  await writeFile(file, `aa,bb\n${'x,y\n'.repeat(20)}`);
  await assert.rejects(
    datasetStep.run(contextOf({ dataset: file }, root)),
    (error: unknown) => error instanceof ForgeError && error.code === 'dataset.columns-unknown',
  );
});
