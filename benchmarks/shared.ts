import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownWorkerEvent } from '#contract/events.ts';
import { noOllama } from './harness/bench-home.ts';
import { atLeast, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { developerPython } from './harness/developer-python.ts';
import { startServingEngine, tickets, type ServingEngine } from './harness/serving-engine.ts';
import { listed, median } from './harness/statistics.ts';
import type { TimedAnswer } from './harness/timed-answer.ts';
import { clockOf, effectiveSetting, trainingBegunAt } from './harness/training-clock.ts';
import { baseModelFolder, supportRows, writeRows } from './harness/training-material.ts';
import { benchmarkRecipe } from './harness/training-recipe.ts';
import { startWorker, type WorkerProcess } from './harness/worker-run.ts';

const bar = 0.7;
const fewestAnswers = 20;
const pollMs = 200;
const deadlineMs = 10 * 60_000;

/** Serving and training on the same cores. */
export const sharedBenchmark: Benchmark = {
  name: 'shared',
  question: `At least ${fewestAnswers} answers, one after the other, while a training runs on the same cores: how much of its lone speed each side keeps. The worker gets the settings the engine gives it in either case (waiting without spinning while a model is served).`,
  minutes: 10,
  promises: [
    { name: 'training beside serving', bar: `at least ${bar} of its lone speed` },
    { name: 'serving beside training', bar: `at least ${bar} of its lone speed` },
  ],
  async run(settings) {
    const folder = await mkdtemp(path.join(tmpdir(), 'forge-bench-shared-'));
    const serving = await startServingEngine(settings.say, { OLLAMA_HOST: noOllama });
    try {
      return await measure({ folder, serving, settings });
    } finally {
      await serving.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

interface SharedSetting {
  readonly folder: string;
  readonly serving: ServingEngine;
  readonly settings: BenchmarkSettings;
}

interface Round {
  readonly aloneSeconds: number;
  readonly besideSeconds: number;
  readonly aloneRate: number;
  readonly besideRate: number;
  readonly answersBeside: number;
}

async function measure({ folder, serving, settings }: SharedSetting): Promise<Figure[]> {
  const { quick, say } = settings;
  const python = await developerPython();
  const { train } = await supportRows();
  const rows = await writeRows(path.join(folder, 'rows.jsonl'), train.slice(0, quick ? 32 : 160));
  const training: SharedTraining = { python, base: await baseModelFolder(python), rows, threads: serving.threads };
  const rounds: Round[] = [];
  for (let round = 0; round < (quick ? 1 : 2); round += 1) {
    const directory = path.join(folder, `round-${round}`);
    const found = await oneRound(directory, { serving, training, answers: quick ? 3 : fewestAnswers });
    say(
      `round ${round + 1}: training ${found.aloneSeconds.toFixed(1)} s alone, ${found.besideSeconds.toFixed(1)} s beside ${found.answersBeside} answers; serving ${found.aloneRate.toFixed(1)} and ${found.besideRate.toFixed(1)} tokens/s`,
    );
    rounds.push(found);
  }
  return figuresOf(rounds);
}

interface SharedTraining {
  readonly python: string;
  readonly base: string;
  readonly rows: string;
  readonly threads: number;
}

/** Serving alone, training alone, then the same training with answers from its first to its last step. */
async function oneRound(
  directory: string,
  {
    serving,
    training,
    answers,
  }: { readonly serving: ServingEngine; readonly training: SharedTraining; readonly answers: number },
): Promise<Round> {
  const alone: TimedAnswer[] = [];
  for (const ticket of await tickets(answers)) alone.push(await serving.ask(ticket));
  const lone = await startTraining(path.join(directory, 'alone'), training, false);
  await lone.end();
  const shared = await startTraining(path.join(directory, 'beside'), training, true);
  const beside = await serveWhileTraining(serving, shared, answers);
  await shared.end();
  const [loneEvents, sharedEvents] = [await lone.events(), await shared.events()];
  requireSamePrecision(loneEvents, sharedEvents);
  return {
    aloneSeconds: clockOf(loneEvents).seconds,
    besideSeconds: clockOf(sharedEvents).seconds,
    aloneRate: rateOf(alone),
    besideRate: rateOf(beside),
    answersBeside: beside.length,
  };
}

/** The worker measures whether bf16 is worth it here; on a machine that others use as well it may decide otherwise the next time. */
function requireSamePrecision(...runs: readonly (readonly KnownWorkerEvent[])[]): void {
  const precisions = new Set(runs.map((events) => effectiveSetting(events, 'precision')));
  if (precisions.size > 1)
    throw new Error(`not the same work: ${[...precisions].join(' and ')}; the machine is not quiet`);
}

function startTraining(
  directory: string,
  { python, base, rows, threads }: SharedTraining,
  passiveWait: boolean,
): Promise<WorkerProcess> {
  const outDir = path.join(directory, 'outputs');
  const payload = { base, rows, validationRows: null, samplePrompts: [], recipe: benchmarkRecipe, reasons: {}, outDir };
  return startWorker({ python, directory, kind: 'train', threads, passiveWait, payload });
}

/** Asks from the first step on until the training is over; an answer that was under way at its end does not count. */
async function serveWhileTraining(
  serving: ServingEngine,
  worker: WorkerProcess,
  fewest: number,
): Promise<TimedAnswer[]> {
  try {
    await waitForFirstStep(worker);
    const asked = await tickets(200, fewest);
    const answers: TimedAnswer[] = [];
    for (let index = 0; ; index += 1) {
      const answer = await serving.ask(asked[index % asked.length] ?? '');
      if (worker.isOver()) break;
      answers.push(answer);
    }
    if (answers.length >= fewest) return answers;
    throw new Error(`the training was over after ${answers.length} answers; ${fewest} are needed`);
  } catch (error) {
    worker.kill();
    throw error;
  }
}

async function waitForFirstStep(worker: WorkerProcess): Promise<void> {
  for (const began = performance.now(); performance.now() - began < deadlineMs; await sleep(pollMs)) {
    if (trainingBegunAt(await worker.events()) !== null) return;
    if (worker.isOver()) throw new Error('the training ended before its first step');
  }
  throw new Error('the training did not reach its first step');
}

/** Tokens a second over whole answers, prompts included: what the person who waits feels. */
function rateOf(answers: readonly TimedAnswer[]): number {
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens, 0);
  const seconds = answers.reduce((sum, answer) => sum + answer.totalMs, 0) / 1_000;
  return tokens / seconds;
}

function figuresOf(rounds: readonly Round[]): Figure[] {
  const training = rounds.map(({ aloneSeconds, besideSeconds }) => aloneSeconds / besideSeconds);
  const serving = rounds.map(({ aloneRate, besideRate }) => besideRate / aloneRate);
  const unit = 'of its lone speed';
  return [
    {
      name: 'training beside serving',
      value: median(training),
      unit,
      bar: atLeast(bar),
      detail: `Seconds for the same steps alone ${listed(
        rounds.map(({ aloneSeconds }) => aloneSeconds),
        1,
      )}, beside ${listed(
        rounds.map(({ besideSeconds }) => besideSeconds),
        1,
      )}`,
    },
    {
      name: 'serving beside training',
      value: median(serving),
      unit,
      bar: atLeast(bar),
      detail: `Tokens/s over whole answers alone ${listed(
        rounds.map(({ aloneRate }) => aloneRate),
        1,
      )}, beside ${listed(
        rounds.map(({ besideRate }) => besideRate),
        1,
      )}; ${listed(rounds.map(({ answersBeside }) => answersBeside))} answers beside`,
    },
  ];
}
