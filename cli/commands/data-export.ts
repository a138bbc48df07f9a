import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  dataExportReport,
  dataFormat,
  dataFormats,
  type DataExportReport,
  type DataExportRequest,
} from '#contract/data-exports.ts';
import { confirm } from '../ask.ts';
import { versionOf } from '../dataset-reference.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { listenForStop, type StopSignal } from '../stop-signal.ts';
import { dataExportLines, lossLines } from '../terminal/data-export-view.ts';
import { withEngine } from '../with-engine.ts';

/** `--to` as the engine takes it: absolute; a slash at its end stays, because it means: inside it. */
function folderOf(invocation: Invocation): string {
  const given = textValue(invocation, 'to') ?? './';
  const resolved = path.resolve(invocation.workingDirectory, given);
  return /[/\\]$/.test(given) ? path.join(resolved, path.sep) : resolved;
}

async function requestOf(invocation: Invocation): Promise<DataExportRequest> {
  const format = dataFormat.safeParse(textValue(invocation, 'format'));
  if (!format.success)
    throw usageFailure('forge data export needs a format.', `Add --format with one of: ${dataFormats.join(', ')}.`);
  const to = folderOf(invocation);
  const { name, version } = await withEngine(invocation, ({ client }) => versionOf(client, invocation.words[0] ?? ''));
  const overwrite = isOn(invocation, 'overwrite');
  return { name, version, format: format.data, to, mode: 'check', overwrite, split: null };
}

async function run(
  invocation: Invocation,
  stop: StopSignal,
  request: DataExportRequest,
): Promise<DataExportReport | null> {
  const requestId = randomUUID();
  const job = await runFoundryJob(invocation, stop, (client) => client.dataExports.run({ request, requestId }));
  return job === null ? null : dataExportReport.parse(job.result);
}

function stopped(invocation: Invocation, code: number): number {
  invocation.terminal.err('Stopped. Nothing was written.\n');
  return code;
}

/** `forge data export`: first what the format cannot carry, then, after a question where rows are left out, the files. */
export async function exportData(invocation: Invocation): Promise<number> {
  const request = await requestOf(invocation);
  const stop = listenForStop();
  try {
    const checked = await run(invocation, stop, request);
    if (checked === null) return stopped(invocation, exitCode.interrupted);
    if (isOn(invocation, 'check')) {
      printResult(invocation, checked, () => dataExportLines(checked));
      return exitCode.done;
    }
    if (!invocation.json && checked.losses.length > 0) invocation.terminal.err(`${lossLines(checked).join('\n')}\n`);
    const leavesOut = checked.written < checked.rows;
    const question = `${checked.rows - checked.written} of ${checked.rows} rows are left out.`;
    if (leavesOut && !(await confirm(invocation, question))) return stopped(invocation, exitCode.stopped);
    const report = await run(invocation, stop, { ...request, mode: 'write' });
    if (report === null) return stopped(invocation, exitCode.interrupted);
    printResult(invocation, report, () => dataExportLines(report));
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
