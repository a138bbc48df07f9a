import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { freezeReport } from '#contract/dataset-checks.ts';
import type { ViewStep } from '#contract/dataset-versions.ts';
import { versionOf } from '../dataset-reference.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { listenForStop, type StopSignal } from '../stop-signal.ts';
import { freezeLines, outcomeLines } from '../terminal/check-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { stepOf, stepsOfFile } from '../view-steps.ts';
import { withEngine } from '../with-engine.ts';
import { splitChoiceOf } from './data-split.ts';

async function stepsOf(invocation: Invocation): Promise<ViewStep[]> {
  const file = textValue(invocation, 'steps');
  const single = textValue(invocation, 'step')?.split('\n').map(stepOf) ?? [];
  if (file === undefined) return single;
  const place = path.resolve(invocation.workingDirectory, file);
  const text = await readFile(place, 'utf8').catch(() => {
    throw usageFailure(`${file} cannot be read.`, 'Name a file with a JSON list of steps.');
  });
  return [...stepsOfFile(text, file), ...single];
}

/** What the steps would do, and no version. */
async function tryFirst(invocation: Invocation, steps: readonly ViewStep[], stop: StopSignal): Promise<number> {
  const [word = ''] = invocation.words;
  const job = await runFoundryJob(invocation, stop, async (client) => {
    const { name, version } = await versionOf(client, word);
    return client.foundry.tryView({ name, version, steps: [...steps] });
  });
  if (job === null) return exitCode.interrupted;
  const outcomes = await withEngine(invocation, async ({ client }) => {
    const { name, version } = await versionOf(client, word);
    return (await client.foundry.viewOutcome({ name, version, steps: [...steps] })) ?? [];
  });
  printResult(invocation, outcomes, () => outcomeLines(outcomes, outStyle(invocation.terminal)));
  return exitCode.done;
}

async function freeze(invocation: Invocation, steps: readonly ViewStep[], stop: StopSignal): Promise<number> {
  const requestId = randomUUID();
  const split = isOn(invocation, 'split') ? splitChoiceOf(invocation) : null;
  const job = await runFoundryJob(invocation, stop, async (client) => {
    const { name, version } = await versionOf(client, invocation.words[0] ?? '');
    const as = textValue(invocation, 'as') ?? null;
    return client.foundry.freeze({ name, version, steps: [...steps], as, split, requestId });
  });
  if (job === null) {
    invocation.terminal.err('Cancelled. No version was made.\n');
    return exitCode.interrupted;
  }
  const report = freezeReport.parse(job.result);
  printResult(invocation, report, () => freezeLines(report, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge data freeze`: a version of what the steps keep; with `--try` only what they would do. */
export async function freezeData(invocation: Invocation): Promise<number> {
  const steps = await stepsOf(invocation);
  const stop = listenForStop();
  try {
    return await (isOn(invocation, 'try') ? tryFirst : freeze)(invocation, steps, stop);
  } finally {
    stop.dispose();
  }
}
