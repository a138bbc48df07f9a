import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { datasetName, importReport, type ImportReport, type ImportRequest } from '#contract/dataset-versions.ts';
import { fieldMappingOf } from '../dataset-reference.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { fetchHubPlaces, isHubPlace } from '../fetch-hub-places.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import { mappingHint, withRememberedMapping } from '../import-mapping.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { oneLine } from '../terminal/text.ts';
import { importLines } from '../terminal/version-view.ts';
import { outStyle } from '../terminal/view-style.ts';

function nameOf(invocation: Invocation): string {
  const name = textValue(invocation, 'as');
  if (name !== undefined && datasetName.safeParse(name).success) return name;
  if (name === undefined)
    throw usageFailure('forge data import needs a name for the dataset.', 'Add --as tickets, for example.');
  throw usageFailure(
    `--as is ${name}, which cannot be the name of a dataset.`,
    'Use small letters, digits, dots, underscores and hyphens, at most 64, a letter or digit first.',
  );
}

function delimiterOf(invocation: Invocation): string | null {
  const given = textValue(invocation, 'delimiter');
  if (given === undefined) return null;
  const sign = given === 'tab' || given === '\\t' ? '\t' : given;
  if (sign.length === 1) return sign;
  throw usageFailure(
    `--delimiter is ${given}, which is more than one sign.`,
    "Write --delimiter ';', or --delimiter tab.",
  );
}

function requestOf(invocation: Invocation): ImportRequest {
  const places = invocation.words.filter((word) => word !== '');
  if (places.length === 0)
    throw usageFailure(
      'forge data import needs at least one file or folder.',
      'Name what to import: forge data import tickets.csv --as tickets.',
    );
  const header = isOn(invocation, 'header') ? true : isOn(invocation, 'no-header') ? false : null;
  return {
    paths: places.map((place) => (isHubPlace(place) ? place : path.resolve(invocation.workingDirectory, place))),
    name: nameOf(invocation),
    mapping: fieldMappingOf(invocation),
    encoding: textValue(invocation, 'encoding') ?? null,
    delimiter: delimiterOf(invocation),
    hasHeader: header,
    systemPrompt: textValue(invocation, 'system-prompt') ?? null,
    domain: textValue(invocation, 'domain') ?? null,
    licence: textValue(invocation, 'licence') ?? null,
    teacher: textValue(invocation, 'teacher') ?? null,
  };
}

/** The stable form of `forge data import --json`; what it warns of goes to standard error. */
function jsonOf(report: ImportReport): Omit<ImportReport, 'warnings'> {
  const { name, version, digest, seen, accepted, rejected, merged, rejectsPath, seconds, peakBytes } = report;
  return { name, version, digest, seen, accepted, rejected, merged, rejectsPath, seconds, peakBytes };
}

/** `forge data import`: Ctrl-C cancels, and leaves nothing half-made. */
export async function importData(invocation: Invocation): Promise<number> {
  const named = requestOf(invocation);
  const requestId = randomUUID();
  const stop = listenForStop();
  try {
    const paths = await fetchHubPlaces(invocation, named.paths, stop);
    if (paths === null) {
      invocation.terminal.err(`Stopped. What was fetched is kept.\nGo on with: ${invocation.typed}\n`);
      return exitCode.interrupted;
    }
    const request = await withRememberedMapping(invocation, { ...named, paths });
    const job = await runFoundryJob(invocation, stop, (client) => client.foundry.import({ request, requestId }));
    if (job === null) {
      invocation.terminal.err('Cancelled. No version was made.\n');
      return exitCode.interrupted;
    }
    const report = importReport.parse(job.result);
    const hint = report.version === null ? await mappingHint(invocation, request) : [];
    if (invocation.json) for (const warning of report.warnings) invocation.terminal.err(`${oneLine(warning)}\n`);
    printResult(invocation, jsonOf(report), () => [...importLines(report, outStyle(invocation.terminal)), ...hint]);
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
