import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownWorkerEvent } from '#contract/events.ts';
import { benchHome, noOllama } from './harness/bench-home.ts';
import { atLeast, type Benchmark, type Figure } from './harness/benchmark.ts';
import { startEngineTraining, type EngineTraining } from './harness/engine-training.ts';
import { startEngine, type EngineUnderTest } from './harness/engine-under-test.ts';
import { startServingEngine, tickets, type ServingEngine } from './harness/serving-engine.ts';
import { listed, median } from './harness/statistics.ts';
import type { TimedAnswer } from './harness/timed-answer.ts';
import { clockOf, effectiveSetting, trainingBegunAt } from './harness/training-clock.ts';

const bar = 0.7;
const answersWanted = 20;
const pollMs = 200;
const deadlineMs = 10 * 60_000;

/** Serving and training on the same cores, both by the engine: it shares the threads out (N-4). */
export const sharedBenchmark: Benchmark = {
  name: 'shared',
  question: `${answersWanted} answers, asked at even distances while a training runs on the same cores: how much of its lone speed each side keeps. Below it the same under the heaviest load one client can make: the next question the moment an answer ends. Both run in the engine, as a person's do; alone, the training has an engine that serves nothing.`,
  minutes: 10,
  promises: [
    { name: 'training beside serving', bar: `at least ${bar} of its lone speed` },
    { name: 'serving beside training', bar: `at least ${bar} of its lone speed` },
  ],
  async run({ quick, say }) {
    const rounds: Round[] = [];
    for (let round = 0; round < (quick ? 1 : 2); round += 1) {
      const found = await oneRound(say);
      say(
        `round ${round + 1}: alone ${wordsOf(found.alone)}; beside ${wordsOf(found.paced)}; without a pause ${wordsOf(found.pressed)}`,
      );
      rounds.push(found);
    }
    return figuresOf(rounds);
  },
};

/** What both sides did in one arrangement. */
interface Speeds {
  readonly trainSeconds: number;
  /** Tokens a second over whole answers, prompts included. */
  readonly servingRate: number;
  readonly answers: number;
}

interface Round {
  readonly alone: Speeds;
  readonly paced: Speeds;
  readonly pressed: Speeds;
}

function wordsOf({ trainSeconds, servingRate, answers }: Speeds): string {
  return `${trainSeconds.toFixed(1)} s and ${servingRate.toFixed(1)} tokens/s (${answers} answers)`;
}

/** Training alone, serving alone, then the same training twice with answers from its first to its last step. */
async function oneRound(say: (line: string) => void): Promise<Round> {
  const loneEvents = await trainAlone(say);
  const loneSeconds = clockOf(loneEvents).seconds;
  const serving = await startServingEngine(say, { OLLAMA_HOST: noOllama });
  const beside = async (everyMs: number): Promise<Speeds> => {
    const { answers, events } = await trainBesideAnswers(serving, everyMs);
    requireSameWork(loneEvents, events);
    return { trainSeconds: clockOf(events).seconds, servingRate: rateOf(answers), answers: answers.length };
  };
  try {
    const lone: TimedAnswer[] = [];
    for (const ticket of await tickets(answersWanted)) lone.push(await serving.ask(ticket));
    const alone = { trainSeconds: loneSeconds, servingRate: rateOf(lone), answers: lone.length };
    return { alone, paced: await beside((loneSeconds * 1_000) / answersWanted), pressed: await beside(0) };
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

async function trainBesideAnswers(serving: ServingEngine, everyMs: number) {
  return withTraining(serving.engine, async (training) => {
    const answers = await serveWhileTraining(serving, training, everyMs);
    await training.end();
    return { answers, events: await training.events() };
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

/** Asks from the first step until the training is over, a question every `everyMs`; an answer under way at its end does not count. */
async function serveWhileTraining(
  serving: ServingEngine,
  training: EngineTraining,
  everyMs: number,
): Promise<TimedAnswer[]> {
  await waitForFirstStep(training);
  const asked = await tickets(200, answersWanted);
  const answers: TimedAnswer[] = [];
  for (let index = 0, dueMs = performance.now(); ; index += 1, dueMs += everyMs) {
    await sleep(Math.max(0, dueMs - performance.now()));
    const answer = await serving.ask(asked[index % asked.length] ?? '');
    if (await training.isOver()) break;
    answers.push(answer);
  }
  if (answers.length >= answersWanted) return answers;
  throw new Error(`the training was over after ${answers.length} answers; ${answersWanted} are needed`);
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
  return [
    ...besideFigures(rounds, { load: 'paced', suffix: '', wanted: atLeast(bar) }),
    ...besideFigures(rounds, { load: 'pressed', suffix: ', answers without a pause', wanted: null }),
  ];
}

function besideFigures(
  rounds: readonly Round[],
  { load, suffix, wanted }: { load: 'paced' | 'pressed'; suffix: string; wanted: Figure['bar'] },
): Figure[] {
  const secondsOf = (kind: keyof Round): string =>
    listed(
      rounds.map((round) => round[kind].trainSeconds),
      1,
    );
  const ratesOf = (kind: keyof Round): string =>
    listed(
      rounds.map((round) => round[kind].servingRate),
      1,
    );
  const unit = 'of its lone speed';
  return [
    {
      name: `training beside serving${suffix}`,
      value: median(rounds.map((round) => round.alone.trainSeconds / round[load].trainSeconds)),
      unit,
      bar: wanted,
      detail: `Seconds for the same steps alone ${secondsOf('alone')}, beside ${secondsOf(load)}`,
    },
    {
      name: `serving beside training${suffix}`,
      value: median(rounds.map((round) => round[load].servingRate / round.alone.servingRate)),
      unit,
      bar: wanted,
      detail: `Tokens/s over whole answers alone ${ratesOf('alone')}, beside ${ratesOf(load)}; ${listed(rounds.map((round) => round[load].answers))} answers beside`,
    },
  ];
}
