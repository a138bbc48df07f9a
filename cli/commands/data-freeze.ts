import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { freezeReport } from '#contract/dataset-checks.ts';
import type { ViewStep } from '#contract/dataset-versions.ts';
import { versionOf } from '../dataset-reference.ts';
import { domainIdOf } from '../domain-id.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { scriptStepOf } from '../script-step.ts';
import { listenForStop, type StopSignal } from '../stop-signal.ts';
import { freezeLines, outcomeLines } from '../terminal/check-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { stepOf, stepsOfFile } from '../view-steps.ts';
import { withEngine } from '../with-engine.ts';
import { splitChoiceOf } from './data-split.ts';

/** The filters that a domain pack sets (`forge domain ID` shows them). */
async function stepsOfDomain(invocation: Invocation): Promise<readonly ViewStep[]> {
  const word = textValue(invocation, 'domain');
  if (word === undefined) return [];
  const id = domainIdOf(word);
  return (await withEngine(invocation, ({ client }) => client.domains.show({ id }))).steps;
}

async function stepsOf(invocation: Invocation): Promise<ViewStep[]> {
  const usual = await stepsOfDomain(invocation);
  const file = textValue(invocation, 'steps');
  const single: ViewStep[] = [];
  for (const word of textValue(invocation, 'step')?.split('\n') ?? [])
    single.push((await scriptStepOf(invocation, word)) ?? stepOf(word));
  if (file === undefined) return [...usual, ...single];
  const place = path.resolve(invocation.workingDirectory, file);
  const text = await readFile(place, 'utf8').catch(() => {
    throw usageFailure(`${file} cannot be read.`, 'Name a file with a JSON list of steps.');
  });
  return [...usual, ...stepsOfFile(text, file), ...single];
}

/** Lets the tokenizer of a base count where steps speak of tokens and name none. */
function countedBy(base: string | undefined, steps: readonly ViewStep[]): ViewStep[] {
  if (base !== undefined && !steps.some(isInTokens))
    throw usageFailure('--base counts tokens, and no step speaks of tokens.', 'Add one: --step max-tokens=2048.');
  return steps.map((step) => (isInTokens(step) ? { ...step, base: step.base ?? base ?? null } : step));
}

function isInTokens(step: ViewStep): step is Extract<ViewStep, { kind: 'length' }> {
  return step.kind === 'length' && step.unit === 'tokens';
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
  const steps = countedBy(textValue(invocation, 'base'), await stepsOf(invocation));
  const stop = listenForStop();
  try {
    return await (isOn(invocation, 'try') ? tryFirst : freeze)(invocation, steps, stop);
  } finally {
    stop.dispose();
  }
}
