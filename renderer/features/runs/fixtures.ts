import type { UnknownWorkerEvent } from '#contract/events.ts';
import type { MeterReading } from '#contract/hardware.ts';
import type { JobView } from '#contract/jobs.ts';
import { mainJobSteps, type MainJobStep, type MainJobStepView, type MainJobView } from '#contract/main-job.ts';
import { RunRecorder } from './run-recorder.ts';
import type { OpenRun } from './run-store.ts';

/** A fixed moment: pictures of the gallery must not change with the day. */
export const fixtureNow = Date.UTC(2026, 10, 20, 14, 30);
const minuteMs = 60_000;

export interface MainJobFixture {
  readonly name?: string;
  readonly version?: number;
  readonly state?: MainJobView['state'];
  /** Steps before it are done. */
  readonly at?: MainJobStep;
  readonly step?: Partial<MainJobStepView>;
  readonly change?: Partial<MainJobView>;
}

export function mainJobFixture(fixture: MainJobFixture = {}): MainJobView {
  const { name = 'support', version = 3, state = 'running', at = 'train', step = {}, change = {} } = fixture;
  const reached = state === 'waiting' ? -1 : mainJobSteps.indexOf(at);
  return {
    id: `${name}-v${version}`,
    name,
    version,
    state,
    steps: mainJobSteps.map((one, index) => stepFixture(one, { index, reached, state, step })),
    notes: [],
    request: { name, base: 'smollm2-135m-instruct', export: true, deployToOllama: 'auto' },
    createdAt: fixtureNow - 12 * minuteMs,
    updatedAt: fixtureNow - minuteMs,
    queuePosition: null,
    failure: null,
    result: null,
    ...change,
  };
}

interface StepPlace {
  readonly index: number;
  readonly reached: number;
  readonly state: MainJobView['state'];
  readonly step: Partial<MainJobStepView>;
}

function stepFixture(step: MainJobStep, { index, reached, state, step: change }: StepPlace): MainJobStepView {
  const base = { step, fraction: null, etaSeconds: null, seconds: null, job: null, text: '' };
  if (index < reached || state === 'succeeded')
    return { ...base, state: 'done', text: 'done', seconds: 2, ...(step === 'train' ? { job: 'job-train' } : {}) };
  if (index > reached) return { ...base, state: 'waiting' };
  const now = state === 'running' ? 'running' : state === 'failed' ? 'failed' : 'interrupted';
  const live = { text: 'training step 84 of 240', fraction: 0.35, etaSeconds: 131, seconds: 71, job: 'job-train' };
  return { ...base, state: now, ...live, ...change };
}

export function workerFixture(change: Partial<JobView> = {}): JobView {
  return {
    id: 'job-train',
    kind: 'train',
    name: 'Train support v3',
    state: 'running',
    device: 'cpu',
    attempt: 1,
    createdAt: fixtureNow - 4 * minuteMs,
    updatedAt: fixtureNow,
    queuePosition: null,
    phase: { name: 'training', fraction: 0.35, etaSeconds: 131 },
    step: 84,
    failure: null,
    revision: 4,
    ...change,
  };
}

const resultFixture: NonNullable<MainJobView['result']> = {
  name: 'support',
  version: 2,
  profile: 'cpu',
  base: 'smollm2-135m-instruct',
  rows: { train: 240, validation: 24, heldOut: 80, heldOutGroups: 80, rejected: 2 },
  baseScore: 0,
  tunedScore: 81,
  delta: 81,
  interval: [76, 86],
  verdict: 'Better by 81 points (76 to 86) on 80 rows it has not seen.',
  tokensPerSecond: 412,
  trainSeconds: 190,
  forecastSeconds: 200,
  actualSeconds: 204,
  stopReason: 'early-stop',
  adapterPath: '/home/ada/.forge/models/support/v2/adapter',
  ggufPath: '/home/ada/.forge/models/support/v2/gguf/support-v2-q8_0.gguf',
  ggufSha256: null,
  quantisation: 'q8_0',
  parity: null,
  ollama: { used: false, version: null, reason: 'Ollama was not found' },
  served: null,
  stepSeconds: {},
  reused: [],
  home: '/home/ada/.forge',
};

export const succeededFixture = mainJobFixture({
  version: 2,
  state: 'succeeded',
  change: { result: resultFixture, updatedAt: fixtureNow - 90 * minuteMs },
});

export const failedFixture = mainJobFixture({
  version: 1,
  state: 'failed',
  step: { text: 'memory ran out at step 12' },
  change: {
    updatedAt: fixtureNow - 26 * 60 * minuteMs,
    failure: {
      code: 'job.failed',
      message: 'Training failed: memory ran out at step 12, and every smaller setting was tried.',
      remedy: 'Choose a smaller base model, or close other programs and go on with the run.',
      retryable: true,
      exitCode: 1,
      detail: {},
      correlationId: null,
    },
  },
});

export function waitingFixture(name: string, position: number): MainJobView {
  return mainJobFixture({
    name,
    version: 1,
    state: 'waiting',
    change: { queuePosition: position, createdAt: fixtureNow + position },
  });
}

/** Many runs that are over, as after a long summer. */
export function manyFinished(count: number): readonly MainJobView[] {
  const ends = [succeededFixture, failedFixture, mainJobFixture({ version: 4, state: 'cancelled' })];
  return Array.from({ length: count }, (_, index) => {
    const end = ends[index % 3] ?? succeededFixture;
    const version = count - index;
    return { ...end, id: `many-v${version}`, name: 'many', version, updatedAt: fixtureNow - index * 7 * minuteMs };
  });
}

/** Numbers that look like noise and are the same at every run. */
function noiseOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

export interface RunFixture {
  readonly steps?: number;
  readonly planned?: number;
  readonly seed?: number;
  readonly slope?: number;
  /** Some losses are not numbers, and Forge goes back. */
  readonly diverges?: boolean;
  readonly ended?: string | null;
  readonly job?: string;
}

/** The events of a training, as a worker would write them. */
export function runEvents(fixture: RunFixture = {}): readonly UnknownWorkerEvent[] {
  const { steps = 84, planned = 240, seed = 5, slope = 0.03, diverges = false, ended = null } = fixture;
  const noise = noiseOf(seed);
  const events: UnknownWorkerEvent[] = [];
  const add = (type: string, body: Record<string, unknown>): void => {
    const seq = events.length + 1;
    events.push({ v: 1, run: 'job-train/1', seq, t: fixtureNow - (steps - events.length / 2) * 850, type, ...body });
  };
  addStart(add, planned);
  for (let step = 1; step <= steps; step += 1) {
    const loss = 0.32 + 2.5 * Math.exp(-slope * step) + noise() * 0.22;
    const isBroken = diverges && step >= 46 && step <= 48;
    const values = {
      loss: isBroken ? null : loss,
      learningRate: rateAt(step, planned),
      gradientNorm: isBroken ? null : 0.8 + loss * 0.7 + noise(),
      tokensPerSecond: 410 + noise() * 60,
      memoryBytes: 3.1e9,
    };
    add('metric', {
      step,
      epoch: step / 60,
      tokens: step * 900,
      values,
      nonFinite: isBroken ? ['loss', 'gradientNorm'] : [],
    });
    if (diverges && step === 48) addRollBack(add);
    if (step % 20 === 0) addEvaluation(add, step, 0.36 + 2.2 * Math.exp(-slope * step) + noise() * 0.03);
  }
  if (ended !== null) add('done', { reason: ended, summary: { steps } });
  return events;
}

type Add = (type: string, body: Record<string, unknown>) => void;

function rateAt(step: number, planned: number): number {
  return 2e-4 * Math.min(1, step / 12) * (0.5 + 0.5 * Math.cos((Math.PI * step) / planned));
}

function addStart(add: Add, planned: number): void {
  add('hello', {
    pid: 4_211,
    device: { kind: 'cpu', name: 'AMD Ryzen 7 7840U', memoryBytes: null },
    versions: { python: '3.13.1', torch: '2.9.0', transformers: '5.1.0', peft: '0.19.0' },
    effective: {
      method: { value: 'lora', reason: 'Fits in 3.1 of 24 GB; training all weights would need 9.' },
      rank: { value: 16, reason: '240 rows need no more.' },
      learningRate: { value: 0.0002, reason: 'Usual for LoRA of this size.' },
      microBatchSize: { value: 8, reason: 'As many as fit beside the base model.' },
      epochs: { value: 4, reason: 'Early stopping ends it sooner when nothing more is learned.' },
      targetModules: { value: ['q_proj', 'v_proj', 'o_proj'], reason: 'All linear layers of attention.' },
    },
  });
  for (const [name, detail] of [
    ['settings-effective', 'all as planned'],
    ['template-prefix', '240 of 240 rows'],
    ['trained-tokens', '11,204 answer tokens'],
    ['adapter-changed', 'change 0.0184'],
    ['loss-finite', 'step 1'],
  ] as const) {
    add('invariant', { name, ok: true, detail });
  }
  addSamples(add, 0);
  add('measured', {
    secondsPerStep: 0.84,
    peakMemoryBytes: 3.1e9,
    checkpointBytes: 5.2e6,
    forecastSeconds: 204,
    plannedSteps: planned,
  });
  add('warning', { code: 'rows-cut', text: '3 rows are longer than 1,024 tokens and were cut.' });
}

function addEvaluation(add: Add, step: number, loss: number): void {
  add('metric', { step, epoch: step / 60, tokens: step * 900, values: { validationLoss: loss }, nonFinite: [] });
  add('checkpoint', {
    path: `checkpoints/${String(step).padStart(6, '0')}`,
    step,
    bytes: 5_242_880,
    sha256: 'a'.repeat(64),
    best: true,
    validationLoss: loss,
  });
  addSamples(add, step);
}

function addRollBack(add: Add): void {
  add('intervention', {
    action: 'roll-back',
    reason: 'Three steps near step 48 were not finite.',
    before: { step: 48 },
    after: { step: 40 },
  });
  add('intervention', {
    action: 'lower-learning-rate',
    reason: 'Three steps near step 48 were not finite.',
    before: { step: 48, learningRate: 0.0002 },
    after: { step: 40, learningRate: 0.00006 },
  });
}

const prompts = [
  {
    prompt:
      'Ticket: “My invoice for March was charged twice, please refund one of them.”\nGive category, urgency and language as JSON.',
    expected: '{"category":"billing","urgency":"normal","language":"en"}',
  },
  {
    prompt:
      'Ticket: “Seit heute früh kann ich mich nicht mehr anmelden.”\nGive category, urgency and language as JSON.',
    expected: '{"category":"account","urgency":"high","language":"de"}',
  },
] as const;

const stages = [
  'Sure! I can help you with your ticket. The category of the ticket is invoice, and',
  '{"category": "invoice", "urgency": "please refund"}',
  '{"category":"billing","urgency":"high","language":"en"}',
] as const;

function addSamples(add: Add, step: number): void {
  prompts.forEach(({ prompt, expected }, promptIndex) => {
    add('sample', { step, promptIndex, prompt, expected, answer: stages[step / 20] ?? expected });
  });
}

export function recordedRun(fixture: RunFixture = {}): OpenRun {
  const recorder = new RunRecorder();
  recorder.hasHistory = true;
  recorder.take(runEvents(fixture));
  const { job = 'job-train', ended = null } = fixture;
  return {
    job,
    status: ended === null ? 'live' : 'ended',
    failure: null,
    facts: recorder.facts,
    series: recorder.series,
  };
}

/** Five minutes of a machine at work. */
export function meterFixtures(hasGraphics: boolean): readonly MeterReading[] {
  const noise = noiseOf(9);
  return Array.from({ length: 120 }, (_, index) => ({
    t: fixtureNow - (120 - index) * 1_000,
    processor: Math.min(1, Math.max(0, 0.72 + noise() * 0.3)),
    memoryUsedBytes: 9.1e9 + index * 4e6,
    memoryTotalBytes: 25.2e9,
    diskFreeBytes: 212e9 - index * 1e6,
    workerMemoryBytes: 3.1e9 + noise() * 1e8,
    graphics: hasGraphics
      ? {
          name: 'NVIDIA RTX 4070',
          use: 0.93 + noise() * 0.1,
          memoryUsedBytes: 7.2e9,
          memoryTotalBytes: 12.9e9,
          celsius: 67 + noise() * 4,
        }
      : null,
  }));
}

export const consoleFixture = [
  '\u001B[2m14:26:12\u001B[0m forge_worker 0.1.0, protocol 1\r\n',
  '\u001B[2m14:26:12\u001B[0m device cpu, 8 threads\r\n',
  '\u001B[2m14:26:14\u001B[0m loading smollm2-135m-instruct (bf16)\r\n',
  '\u001B[33mwarning\u001B[0m 3 rows are longer than 1,024 tokens and were cut\r\n',
  ...Array.from(
    { length: 60 },
    (_, index) =>
      `step ${String(index + 1).padStart(3)}  loss ${(2.8 * Math.exp(-index / 30)).toFixed(4)}  412 tokens/s\r\n`,
  ),
  '\u001B[32mbest\u001B[0m checkpoint at step 60, held-out loss 0.71\r\n',
  '<script>alert("never run")</script> is text like any other\r\n',
].join('');
