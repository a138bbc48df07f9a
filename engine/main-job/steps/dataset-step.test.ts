import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { mainJobRequest } from '#contract/main-job.ts';
import { createDatasetReadings } from '../../datasets/dataset-readings.ts';
import { readRows } from '../row-files.ts';
import type { StepContext } from '../step.ts';
import { datasetStep } from './dataset-step.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-dataset-step-'));
after(() => rm(root, { recursive: true, force: true }));
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
    services: { appDirectory: path.resolve(import.meta.dirname, '../../..'), readings: createDatasetReadings() },
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
