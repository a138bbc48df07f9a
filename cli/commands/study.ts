import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ForgeClient } from '#contract/client.ts';
import { datasetName, type ImportRequest } from '#contract/dataset-versions.ts';
import { studyDone, studyReport, type StudyRequest } from '#contract/study.ts';
import { fieldMappingOf, findVersion } from '../dataset-reference.ts';
import { exitCode } from '../failure.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { resolveBase } from '../main-job-request.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { studyLines } from '../terminal/study-view.ts';
import { outStyle } from '../terminal/view-style.ts';

/** What a file is called in its report: its own name as far as a dataset can have it. */
function nameOfFile(file: string): string {
  const name = path
    .basename(file)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return datasetName.safeParse(name).success ? name : 'file';
}

function filesOf(invocation: Invocation, word: string): ImportRequest {
  const file = path.resolve(invocation.workingDirectory, word);
  return {
    ...{ paths: [file], name: nameOfFile(file), mapping: fieldMappingOf(invocation), encoding: null, delimiter: null },
    ...{ hasHeader: null, systemPrompt: null, domain: null, licence: null, teacher: null },
  };
}

/** A word that names a dataset is that dataset; every other one is a file or a folder. */
async function requestOf(invocation: Invocation, client: ForgeClient): Promise<StudyRequest> {
  const [word = ''] = invocation.words;
  const given = textValue(invocation, 'base');
  const base = given === undefined ? null : await resolveBase(invocation, given);
  const version = await findVersion(client, word);
  if (version === null) return { version: null, files: filesOf(invocation, word), base };
  return { version: { name: version.name, version: version.version }, files: null, base };
}

/** `forge study`: what a dataset holds (D-7). */
export async function studyData(invocation: Invocation): Promise<number> {
  const requestId = randomUUID();
  const stop = listenForStop();
  try {
    const job = await runFoundryJob(invocation, stop, async (client) =>
      client.foundry.study({ request: await requestOf(invocation, client), requestId }),
    );
    if (job === null) {
      invocation.terminal.err('Cancelled.\n');
      return exitCode.interrupted;
    }
    const { reportPath } = studyDone.parse(job.result);
    const report = studyReport.parse(JSON.parse(await readFile(reportPath, 'utf8')));
    printResult(invocation, report, () => studyLines(report, outStyle(invocation.terminal)));
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
