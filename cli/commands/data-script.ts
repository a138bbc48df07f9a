import { randomUUID } from 'node:crypto';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { scriptReport, type ScriptReport, type ScriptRequest } from '#contract/scripts.ts';
import { confirm } from '../ask.ts';
import { versionOf } from '../dataset-reference.ts';
import { CommandFailure, exitCode, usageFailure } from '../failure.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import { isOn, numberValue, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { readScriptFile, type ScriptFile } from '../script-file.ts';
import { listenForStop, type StopSignal } from '../stop-signal.ts';
import { sandboxTable, scriptReportLines, scriptReviewLines } from '../terminal/script-view.ts';
import { plainText } from '../terminal/text.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

async function readScript(invocation: Invocation): Promise<ScriptFile> {
  const given = textValue(invocation, 'file');
  if (given === undefined)
    throw usageFailure(
      'forge data script needs the script.',
      'Name its file: forge data script tickets --file clean.py',
    );
  return readScriptFile(given, invocation.workingDirectory);
}

function requestOf(invocation: Invocation, version: DatasetVersion, own: ScriptFile): ScriptRequest {
  return {
    ...{ name: version.name, version: version.version, ...own, mode: 'try' },
    allow: { clock: isOn(invocation, 'allow-clock'), random: isOn(invocation, 'allow-random') },
    seed: numberValue(invocation, 'seed') ?? 0,
    as: textValue(invocation, 'as') ?? null,
  };
}

/** Runs it and gives the report; null when it was cancelled. What failed shows the script's own traceback first. */
async function runJob(invocation: Invocation, stop: StopSignal, request: ScriptRequest): Promise<ScriptReport | null> {
  const requestId = randomUUID();
  try {
    const job = await runFoundryJob(invocation, stop, (client) => client.scripts.run({ request, requestId }));
    return job === null ? null : scriptReport.parse(job.result);
  } catch (error) {
    const traceback = error instanceof CommandFailure ? error.failure.detail['traceback'] : '';
    if (typeof traceback === 'string' && traceback !== '' && !invocation.json)
      invocation.terminal.err(`${plainText(traceback)}\n\n`);
    throw error;
  }
}

function cancelled(invocation: Invocation): number {
  invocation.terminal.err('Cancelled. No version was made.\n');
  return exitCode.interrupted;
}

async function reviewed(invocation: Invocation): Promise<ScriptRequest> {
  const own = await readScript(invocation);
  const { version, review } = await withEngine(invocation, async ({ client }) => ({
    version: await versionOf(client, invocation.words[0] ?? ''),
    review: await client.scripts.review(own),
  }));
  if (!invocation.json)
    invocation.terminal.err(`${scriptReviewLines(review, outStyle(invocation.terminal)).join('\n')}\n\n`);
  return requestOf(invocation, version, own);
}

/** `forge data script`: the difference, a try on 200 rows with before and after, a question, then all rows into a new version. */
export async function runDataScript(invocation: Invocation): Promise<number> {
  const request = await reviewed(invocation);
  const style = outStyle(invocation.terminal);
  const stop = listenForStop();
  try {
    const isTry = isOn(invocation, 'try');
    // With --yes nobody looks: the whole run tries first by itself.
    if (isTry || !isOn(invocation, 'yes')) {
      const tried = await runJob(invocation, stop, request);
      if (tried === null) return cancelled(invocation);
      if (isTry) {
        printResult(invocation, tried, () => scriptReportLines(tried, style));
        return exitCode.done;
      }
      invocation.terminal.err(`${scriptReportLines(tried, style).join('\n')}\n\n`);
      if (!(await confirm(invocation, `Run it over all rows of ${request.name}:v${request.version}?`))) {
        invocation.terminal.err('No version was made.\n');
        return exitCode.stopped;
      }
    }
    const report = await runJob(invocation, stop, { ...request, mode: 'all' });
    if (report === null) return cancelled(invocation);
    printResult(invocation, report, () => scriptReportLines(report, style));
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}

/** `forge data sandboxes`. */
export async function listSandboxes(invocation: Invocation): Promise<number> {
  const sandboxes = await withEngine(invocation, ({ client }) => client.scripts.sandboxes());
  printResult(invocation, sandboxes, () => sandboxTable(sandboxes, outStyle(invocation.terminal)));
  return exitCode.done;
}
