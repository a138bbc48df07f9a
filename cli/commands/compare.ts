import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ForgeClient } from '#contract/client.ts';
import type { ComparisonRequest, ComparisonTurn, ComparisonView, PromptSet } from '#contract/comparisons.ts';
import { readComparedModels } from '../compared-model.ts';
import { exitCode, systemFailure, usageFailure } from '../failure.ts';
import { isOn, numberValue, textValue, type Invocation } from '../invocation.ts';
import { printNote, printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import {
  comparisonList,
  comparisonTable,
  createPaneWriter,
  estimateLine,
  progressLine,
} from '../terminal/comparison-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';
import { readPromptInput } from '../read-prompt-input.ts';

const largestTextBytes = 64_000_000;
const defaultLimit = 100;
const pageTurns = 200;
/** Between two lines of progress where nothing is drawn live. */
const progressEveryMs = 5_000;

/** `forge compare "prompt" --model a --model b`. */
export async function compareOnce(invocation: Invocation): Promise<number> {
  const prompt = invocation.words[0] || (process.stdin.isTTY ? '' : await readPromptInput(process.stdin));
  if (prompt === '')
    throw usageFailure('There is no prompt.', 'Write it in quotation marks, or send it on standard input.');
  return withEngine(invocation, async ({ client }) => {
    const request = await requestOf(invocation, client, { kind: 'typed', prompts: [prompt] });
    const { id } = await client.comparisons.start({ request, requestId: randomUUID() });
    const write = createPaneWriter(outStyle(invocation.terminal));
    return follow(invocation, { client, id }, (event) => {
      if (!invocation.json) invocation.terminal.out(write(event));
    });
  });
}

/** `forge compare set <file>`: progress while it runs, then a line a model. */
export async function compareSet(invocation: Invocation): Promise<number> {
  const prompts = await promptsOfFile(invocation);
  return withEngine(invocation, async ({ client }) => {
    const request = await requestOf(invocation, client, prompts);
    const estimate = await client.comparisons.estimate({ request });
    if (isOn(invocation, 'estimate')) {
      printResult(invocation, estimate, () => [estimateLine(estimate)]);
      return exitCode.done;
    }
    printNote(invocation, estimateLine(estimate));
    const { id } = await client.comparisons.start({ request, requestId: randomUUID() });
    return follow(invocation, { client, id }, showProgress(invocation));
  });
}

/** `forge compare resume <id>`. */
export async function resumeComparison(invocation: Invocation): Promise<number> {
  const id = invocation.words[0] ?? '';
  return withEngine(invocation, async ({ client }) => {
    await client.comparisons.resume({ id, requestId: randomUUID() });
    return follow(invocation, { client, id }, showProgress(invocation));
  });
}

/** `forge compare list`. */
export async function listComparisons(invocation: Invocation): Promise<number> {
  const views = await withEngine(invocation, ({ client }) => client.comparisons.list());
  printResult(invocation, views, () => comparisonList(views, outStyle(invocation.terminal)));
  return exitCode.done;
}

type Events = Awaited<ReturnType<ForgeClient['comparisons']['watch']>>;
type Event = Events extends AsyncIterable<infer E> ? E : never;

/** Watches to the end; Ctrl-C stops the comparison, which keeps what was answered. */
async function follow(
  invocation: Invocation,
  { client, id }: { client: ForgeClient; id: string },
  show: (event: Event) => void,
): Promise<number> {
  const stop = listenForStop();
  // When even this does not reach the engine, the watch below ends with the reason.
  const onStop = (): void => void client.comparisons.stop({ id, requestId: randomUUID() }).catch(() => undefined);
  stop.first.addEventListener('abort', onStop, { once: true });
  try {
    for await (const event of await client.comparisons.watch({ id })) show(event);
  } finally {
    stop.dispose();
  }
  const view = await client.comparisons.get({ id });
  const turns = await allTurns(client, view);
  if (invocation.json) printResult(invocation, { comparison: view, turns }, () => []);
  else if (view.turns > 1)
    printResult(invocation, null, () => comparisonTable(view, turns, outStyle(invocation.terminal)));
  return endOf(invocation, view, { turns, wasStopped: stop.first.aborted });
}

function endOf(
  invocation: Invocation,
  { state, id, spentUsd }: ComparisonView,
  { turns, wasStopped }: { turns: readonly ComparisonTurn[]; wasStopped: boolean },
): number {
  if (state === 'capped') printNote(invocation, `Stopped at the limit of cost, with $${spentUsd.toFixed(2)} spent.`);
  if (state === 'stopped' || state === 'interrupted') printNote(invocation, `Go on with: forge compare resume ${id}`);
  if (wasStopped) return exitCode.interrupted;
  if (state !== 'done') return exitCode.failed;
  const hasAnswer = turns.some(({ answers }) => answers.some((answer) => answer.state === 'done'));
  return hasAnswer ? exitCode.done : exitCode.failed;
}

function showProgress(invocation: Invocation): (event: Event) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let last = '';
  return (event) => {
    if (event.kind !== 'view' || performance.now() - lastMs < progressEveryMs) return;
    const line = progressLine(event.view);
    if (line === last) return;
    [lastMs, last] = [performance.now(), line];
    printNote(invocation, line);
  };
}

async function requestOf(invocation: Invocation, client: ForgeClient, prompts: PromptSet): Promise<ComparisonRequest> {
  const words = (textValue(invocation, 'model') ?? '').split('\n').filter((word) => word !== '');
  return {
    models: await readComparedModels(client, words),
    prompts,
    settings: {
      // A terminal shows one answer after another and takes no vote.
      blind: false,
      temperature: numberValue(invocation, 'temperature') ?? 0,
      maximumTokens: numberValue(invocation, 'max-tokens') ?? 512,
      systemPrompt: textValue(invocation, 'system') ?? null,
      capUsd: numberValue(invocation, 'cap') ?? null,
    },
  };
}

async function promptsOfFile(invocation: Invocation): Promise<PromptSet> {
  const file = path.resolve(invocation.workingDirectory, invocation.words[0] ?? '');
  const limit = numberValue(invocation, 'limit') ?? defaultLimit;
  if (path.extname(file).toLowerCase() !== '.txt') return { kind: 'dataset', path: file, limit };
  const prompts = (await readText(file))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, limit);
  if (prompts.length === 0) throw usageFailure(`There is no prompt in ${file}.`, 'Write one prompt a line.');
  return { kind: 'typed', prompts };
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestTextBytes) throw usageFailure(`${file} is larger than 64 MB.`, 'Take a part of it.');
    return await readFile(file, 'utf8');
  } catch (error) {
    throw systemFailure(error) ?? error;
  }
}

async function allTurns(client: ForgeClient, { id, turns: total }: ComparisonView): Promise<ComparisonTurn[]> {
  const turns: ComparisonTurn[] = [];
  while (turns.length < total) {
    const page = await client.comparisons.turns({ id, offset: turns.length, limit: pageTurns });
    if (page.turns.length === 0) break;
    turns.push(...page.turns);
  }
  return turns;
}
