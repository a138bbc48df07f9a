import type { AnsweredRow } from '#contract/evaluation.ts';
import { mainJobSteps, type MainJobResult, type MainJobStepView, type MainJobView } from '#contract/main-job.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { fixtureNow } from './fixtures.ts';

/** A main job's steps with the first `behind` done and the next one running. */
export function stepsAt(behind: number, running: Partial<MainJobStepView> = {}): MainJobStepView[] {
  return mainJobSteps.map((step, index) => ({
    step,
    state: index < behind ? (index === 2 ? 'reused' : 'done') : index === behind ? 'running' : 'waiting',
    text: index < behind ? 'done as planned' : '',
    fraction: null,
    etaSeconds: null,
    seconds: index < behind ? index * 7 : null,
    job: step === 'train' ? 'job-train' : null,
    ...(index === behind ? running : {}),
  }));
}

export const result: MainJobResult = {
  name: 'support',
  version: 3,
  profile: 'cpu',
  base: 'smollm2-135m-instruct',
  rows: { train: 240, validation: 58, heldOut: 83, heldOutGroups: 41, rejected: 3 },
  baseScore: 0,
  tunedScore: 80,
  delta: 80,
  interval: [75, 84.5],
  verdict: 'Better by 80 points (75 to 85): 0 -> 80 of 100, on 83 rows in 41 groups.',
  tokensPerSecond: 118,
  trainSeconds: 169.8,
  forecastSeconds: 150,
  actualSeconds: 155,
  stopReason: 'time-budget',
  adapterPath: '/forge/models/support/v3/adapter',
  ggufPath: '/forge/models/support/v3/gguf/support.gguf',
  ggufSha256: 'b'.repeat(64),
  quantisation: 'Q8_0',
  parity: {
    tokens: { equal: 83, of: 83, passed: true },
    template: { equal: 83, of: 83, passed: true },
    logits: { argmaxAgreement: 0.998, maxLogProbabilityDifference: 0.02, passed: true },
    greedy: { equal: 10, of: 10, passed: true },
    loss: { reference: 0.171, served: 0.172, change: 0.001, passed: true },
  },
  ollama: { used: false, version: null, reason: 'Ollama does not answer.' },
  served: {
    model: 'support:v3',
    url: 'http://127.0.0.1:18793/v1',
    question: 'My camera’s picture is black since the update.',
    answer: '{"product":"camera"}',
    baseAnswer: 'I am sorry to hear that.',
    expected: '{"product":"camera"}',
  },
  stepSeconds: { train: 169.8 },
  reused: [],
  home: '/forge',
};

export function mainJob(changes: Partial<MainJobView>): MainJobView {
  return {
    id: 'main-1',
    name: 'support',
    version: 3,
    state: 'running',
    steps: stepsAt(7, { text: 'step 84 of 240', fraction: 0.35, etaSeconds: 130 }),
    notes: [],
    request: { name: 'support', export: true, deployToOllama: 'auto' },
    createdAt: fixtureNow,
    updatedAt: fixtureNow,
    queuePosition: null,
    failure: null,
    result: null,
    ...changes,
  };
}

export const losses: readonly (number | null)[] = Array.from({ length: 84 }, (_, step) =>
  step === 40 ? null : 0.25 + 2.2 * Math.exp(-step / 18) + 0.06 * Math.sin(step * 1.7),
);

const wished = '{"product":"router","urgency":"normal","queue":"billing","language":"en"}';

export const answers: readonly AnsweredRow[] = [
  {
    id: 'row-9',
    prompt: 'I bought a single Wi-Fi box and was billed for it twice, same amount. Could you refund the extra payment?',
    expected: wished,
    base: { answer: 'I am sorry to hear that you were charged twice. Please contact your bank.', points: 0 },
    tuned: { answer: '{"product":"router","urgency":"high","queue":"returns","language":"en"}', points: 50 },
    change: 50,
  },
  {
    id: 'row-10',
    prompt: '<script>alert(1)</script> Der Router startet jede Nacht neu.',
    expected: wished,
    base: { answer: '', points: 0 },
    tuned: { answer: wished, points: 100 },
    change: 100,
  },
];

export const servingView: ServingView = {
  state: 'serving',
  running: true,
  url: 'http://127.0.0.1:18793/v1',
  host: '127.0.0.1',
  port: 18_793,
  failure: null,
  models: [],
  families: [{ name: 'support', current: 3, pinned: false, previous: 2, versions: [3, 2, 1] }],
  servers: [],
  answering: 0,
  requests: { total: 0, perMinute: [] },
  keyRequired: false,
};
