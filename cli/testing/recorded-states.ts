import { mainJobSteps, type MainJobResult, type MainJobStepView, type MainJobView } from '#contract/main-job.ts';
import { emptyTraining, type TrainingState } from '../training-state.ts';

/** States of a real-looking main job for tests of the renderers and for looking at them. No randomness: the same every time. */

const texts: Readonly<Record<string, string>> = {
  machine: '2 cores, 8.0 GB memory, no GPU: profile cpu, no accelerator was found',
  environment: 'ready (torch 2.13.0+cpu)',
  base: 'SmolLM2-135M-Instruct, 135 M parameters, ready',
  dataset: '240 rows to learn from, 60 to steer by, 80 kept aside in 7 groups; 2 put aside',
  plan: 'LoRA rank 16, batch 4, about 3 min',
  'base-export': 'Q8_0, 145 MB: the smallest that passed the file check',
  baseline: 'the base gets 0 of 100 points on 80 held-out rows (Q8_0)',
  train: 'step 84 of 172',
  export: 'merged, 269 MB unquantised',
  parity: 'Q8_0, 145 MB: tokens 50/50, template 9/9, greedy 10/10, loss 0.2 %',
  evaluate: 'Better by 81 points (76 to 86) on 80 rows of 7 unseen groups.',
  deploy: 'support:v1 in the embedded server; Ollama: not installed',
  serve: 'support:v1 at http://127.0.0.1:18793/v1',
};
const seconds = [0.4, 3.2, 8.1, 0.2, 0.1, 4.4, 71.3, 142, 2.9, 24.6, 37.1, 0.3, 1.2];

/** The chain while the step at `present` runs; the first three steps were done by an earlier run when `reused`. */
export function recordedSteps(present: number, reused = false): MainJobStepView[] {
  return mainJobSteps.map((step, index) => {
    const done = index < present;
    const running = index === present;
    const state = done ? (reused && index < 7 && index > 2 ? 'reused' : 'done') : running ? 'running' : 'waiting';
    return {
      step,
      state,
      text: done || running ? (texts[step] ?? '') : '',
      fraction: running ? 0.488 : null,
      etaSeconds: running ? 128 : null,
      seconds: done || running ? (seconds[index] ?? 0) : null,
      job: step === 'train' && running ? 'train-1' : null,
    };
  });
}

export function recordedView(present: number, reused = false): MainJobView {
  return {
    id: 'support-v1',
    name: 'support',
    version: 1,
    state: present >= mainJobSteps.length ? 'succeeded' : 'running',
    steps: recordedSteps(present, reused),
    notes: [],
    request: { export: true, deployToOllama: 'auto' },
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_060_000,
    queuePosition: null,
    failure: null,
    result: null,
  };
}

/** A training at `step` of 172, held-out loss every 20 steps. */
export function recordedTraining(step: number): TrainingState {
  const training = Array.from({ length: step }, (_, index) => ({
    step: index + 1,
    value: 2.5 + 1.4 * Math.exp(-index / 25) + 0.25 * Math.sin(index * 7.3) * Math.cos(index * 1.7),
  }));
  const heldOut = Array.from({ length: Math.floor(step / 20) + 1 }, (_, index) => ({
    step: index * 20,
    value: 2.65 + 1.13 * Math.exp((-index * 20) / 28),
  }));
  return {
    ...emptyTraining,
    phase: 'training',
    step,
    plannedSteps: 172,
    training,
    heldOut,
    bestStep: (heldOut.length - 1) * 20,
    tokensPerSecond: 195.4,
    etaSeconds: 128,
    sample: {
      step: 80,
      prompt: 'The invoice of March shows the amount twice. Sort this ticket.',
      answer: '{"product": "billing", "queue": "finance", "urgency": "high"}',
      expected: '{"product": "billing", "queue": "finance", "urgency": "normal"}',
    },
  };
}

export const recordedResult: MainJobResult = {
  name: 'support',
  version: 1,
  profile: 'cpu',
  base: 'SmolLM2-135M-Instruct',
  rows: { train: 240, validation: 60, heldOut: 80, heldOutGroups: 27, rejected: 2 },
  baseScore: 0,
  tunedScore: 80.8,
  delta: 80.8,
  interval: [76.1, 85.5],
  verdict: 'Better by 81 points (76 to 86) on 80 rows of 27 groups it had not seen.',
  tokensPerSecond: 195.4,
  trainSeconds: 142,
  forecastSeconds: 140,
  actualSeconds: 150,
  stopReason: 'completed',
  adapterPath: '/home/ada/.local/share/forge/models/support/v1/adapter',
  ggufPath: '/home/ada/.local/share/forge/models/support/v1/support-v1-Q8_0.gguf',
  ggufSha256: 'ab'.repeat(32),
  quantisation: 'Q8_0',
  parity: null,
  ollama: { used: false, version: null, reason: 'not installed' },
  served: {
    model: 'support:v1',
    url: 'http://127.0.0.1:18793/v1',
    question: 'The invoice of March shows the amount twice. Sort this ticket.',
    answer: '{"product": "billing", "queue": "finance", "urgency": "normal"}',
    baseAnswer:
      'I am sorry to hear that you are having trouble with your invoice. To sort this ticket, please follow these steps: first, open the invoice of March and look at the amounts. If the amount is shown twice, contact the support.',
    expected: '{"product": "billing", "queue": "finance", "urgency": "normal"}',
  },
  stepSeconds: Object.fromEntries(mainJobSteps.map((step, index) => [step, seconds[index] ?? 0])),
  reused: ['dataset', 'plan', 'base-export', 'baseline'],
  home: '/home/ada/.local/share/forge',
};
