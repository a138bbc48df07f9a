import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { datasetName } from '#contract/dataset-versions.ts';
import { documentReport, type DocumentReport, type DocumentRequest } from '#contract/document-imports.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import { numberValue, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { oneLine } from '../terminal/text.ts';
import { importLines } from '../terminal/version-view.ts';
import { outStyle } from '../terminal/view-style.ts';

const shownPlaces = 10;

function requestOf(invocation: Invocation): DocumentRequest {
  const name = datasetName.safeParse(textValue(invocation, 'as'));
  if (!name.success)
    throw usageFailure(
      'forge data documents needs a name for the dataset.',
      'Add --as manuals, for example: small letters, digits, dots, underscores and hyphens.',
    );
  const targetCharacters = numberValue(invocation, 'size') ?? 2_000;
  const overlapCharacters = numberValue(invocation, 'overlap') ?? 0;
  if (overlapCharacters > targetCharacters / 2)
    throw usageFailure('--overlap is more than half of --size.', 'Choose a smaller overlap.');
  return {
    paths: invocation.words.filter(Boolean).map((place) => path.resolve(invocation.workingDirectory, place)),
    name: name.data,
    ...{ targetCharacters, overlapCharacters },
    domain: textValue(invocation, 'domain') ?? null,
    licence: textValue(invocation, 'licence') ?? null,
  };
}

function placeLines(title: string, count: number, places: DocumentReport['failed']): string[] {
  if (count === 0) return [];
  const shown = places.slice(0, shownPlaces).map(({ name, reason }) => `  ${oneLine(name)}: ${oneLine(reason)}`);
  return ['', `${count} ${title}`, ...shown, ...(count > shown.length ? [`  and ${count - shown.length} more`] : [])];
}

/** `forge data documents`: Ctrl-C cancels, and leaves nothing half-made. */
export async function importDocuments(invocation: Invocation): Promise<number> {
  const request = requestOf(invocation);
  const requestId = randomUUID();
  const stop = listenForStop();
  try {
    const job = await runFoundryJob(invocation, stop, (client) => client.documents.import({ request, requestId }));
    if (job === null) {
      invocation.terminal.err('Cancelled. No version was made.\n');
      return exitCode.interrupted;
    }
    const report = documentReport.parse(job.result);
    printResult(invocation, report, () => [
      `${report.documents} documents`,
      ...importLines(report.import, outStyle(invocation.terminal)),
      ...placeLines('could not be read', report.failedCount, report.failed),
      ...placeLines('left out', report.ignoredCount, report.ignored),
    ]);
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
