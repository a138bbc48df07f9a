import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownWorkerEvent } from '#contract/events.ts';
import { benchHome, noOllama } from './harness/bench-home.ts';
import { atLeast, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { startEngineTraining, type EngineTraining } from './harness/engine-training.ts';
import { startEngine, type EngineUnderTest } from './harness/engine-under-test.ts';
import { startServingEngine, tickets, type ServingEngine } from './harness/serving-engine.ts';
import { listed, median } from './harness/statistics.ts';
import type { TimedAnswer } from './harness/timed-answer.ts';
import { clockOf, effectiveSetting, trainingBegunAt } from './harness/training-clock.ts';

const bar = 0.7;
const fewestAnswers = 20;
const pollMs = 200;
const deadlineMs = 10 * 60_000;

/** Serving and training on the same cores, both by the engine: it shares the threads out (N-4). */
export const sharedBenchmark: Benchmark = {
  name: 'shared',
  question: `Answers without a pause from the first to the last step of a training on the same cores, at least ${fewestAnswers}: how much of its lone speed each side keeps. Both run in the engine, as a person's do; alone, the training has an engine that serves nothing.`,
  minutes: 10,
  promises: [
    { name: 'training beside serving', bar: `at least ${bar} of its lone speed` },
    { name: 'serving beside training', bar: `at least ${bar} of its lone speed` },
  ],
  async run({ quick, say }) {
    const rounds: Round[] = [];
    for (let round = 0; round < (quick ? 1 : 2); round += 1) {
      const found = await oneRound({ quick, say });
      say(
        `round ${round + 1}: training ${found.aloneSeconds.toFixed(1)} s alone, ${found.besideSeconds.toFixed(1)} s beside ${found.answersBeside} answers; serving ${found.aloneRate.toFixed(1)} and ${found.besideRate.toFixed(1)} tokens/s`,
      );
      rounds.push(found);
    }
    return figuresOf(rounds);
  },
};

interface Round {
  readonly aloneSeconds: number;
  readonly besideSeconds: number;
  readonly aloneRate: number;
  readonly besideRate: number;
  readonly answersBeside: number;
}

/** Training alone, serving alone, then the same training with answers from its first to its last step. */
async function oneRound({ quick, say }: Pick<BenchmarkSettings, 'quick' | 'say'>): Promise<Round> {
  const loneEvents = await trainAlone(say);
  const serving = await startServingEngine(say, { OLLAMA_HOST: noOllama });
  try {
    const alone: TimedAnswer[] = [];
    for (const ticket of await tickets(quick ? 3 : fewestAnswers)) alone.push(await serving.ask(ticket));
    const { beside, events } = await trainBesideAnswers(serving, quick ? 3 : fewestAnswers);
    requireSameWork(loneEvents, events);
    return {
      aloneSeconds: clockOf(loneEvents).seconds,
      besideSeconds: clockOf(events).seconds,
      aloneRate: rateOf(alone),
      besideRate: rateOf(beside),
      answersBeside: beside.length,
    };
  } finally {
    await serving.stop();
  }
}

/** One epoch of the shipped sample; a budget that is never reached, so that both trainings do the same steps. */
const wishes = { epochs: 1, minutes: 60, seed: 17 };

async function trainAlone(say: (line: string) => void): Promise<KnownWorkerEvent[]> {
  const { home } = await benchHome(say);
  const engine = await startEngine(home, { OLLAMA_HOST: noOllama });
  try {
    return await withTraining(engine, async (training) => {
      await training.end();
      return training.events();
    });
  } finally {
    await engine.stop();
  }
}

async function trainBesideAnswers(serving: ServingEngine, fewest: number) {
  return withTraining(serving.engine, async (training) => {
    const beside = await serveWhileTraining(serving, training, fewest);
    await training.end();
    return { beside, events: await training.events() };
  });
}

async function withTraining<Found>(
  { client }: EngineUnderTest,
  use: (training: EngineTraining) => Promise<Found>,
): Promise<Found> {
  const training = await startEngineTraining(client, wishes);
  try {
    return await use(training);
  } finally {
    await training.remove();
  }
}

/** The worker measures whether bf16 is worth it here; on a machine that others use as well it may decide otherwise the next time. */
function requireSameWork(one: readonly KnownWorkerEvent[], other: readonly KnownWorkerEvent[]): void {
  const precisions = [one, other].map((events) => effectiveSetting(events, 'precision'));
  if (precisions[0] !== precisions[1])
    throw new Error(`not the same work: ${precisions.join(' and ')}; the machine is not quiet`);
  const steps = [one, other].map((events) => clockOf(events).steps);
  if (steps[0] !== steps[1]) throw new Error(`not the same work: ${steps.join(' and ')} steps`);
}

/** Asks from the first step on until the training is over; an answer that was under way at its end does not count. */
async function serveWhileTraining(
  serving: ServingEngine,
  training: EngineTraining,
  fewest: number,
): Promise<TimedAnswer[]> {
  await waitForFirstStep(training);
  const asked = await tickets(200, fewest);
  const answers: TimedAnswer[] = [];
  for (let index = 0; ; index += 1) {
    const answer = await serving.ask(asked[index % asked.length] ?? '');
    if (await training.isOver()) break;
    answers.push(answer);
  }
  if (answers.length >= fewest) return answers;
  throw new Error(`the training was over after ${answers.length} answers; ${fewest} are needed`);
}

async function waitForFirstStep(training: EngineTraining): Promise<void> {
  for (const began = performance.now(); performance.now() - began < deadlineMs; await sleep(pollMs)) {
    if (trainingBegunAt(await training.events()) !== null) return;
    if (await training.isOver()) break;
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
