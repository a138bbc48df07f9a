import type { ComparisonView } from '#contract/comparisons.ts';
import { comparisonSettings } from '#contract/comparisons.ts';
import { mainJobSteps, type MainJobView } from '#contract/main-job.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { ServingView } from '#contract/serving-state.ts';
import type { HomeData } from './home-store.ts';

/** A little while ago, so that the ages in pictures stay what they are. */
export const moment = Date.now() - 100_000;

export const failure: ForgeErrorData = {
  code: 'engine.port-taken',
  message: 'Port 18793 on 127.0.0.1 is taken by another program.',
  remedy: 'Stop that program, or choose another port.',
  retryable: true,
  exitCode: 3,
  detail: { port: 18_793, host: '127.0.0.1' },
  correlationId: null,
};

export function modelOf(part: Partial<ModelVersion> = {}): ModelVersion {
  return {
    name: 'support',
    version: 3,
    base: 'smollm2-135m-instruct',
    createdAt: moment,
    state: 'ready',
    quantisation: 'Q8_0',
    ggufPath: '/forge/models/support/v3/gguf/model.gguf',
    ggufSha256: null,
    sizeBytes: 145_000_000,
    baseScore: 0,
    tunedScore: 80.2,
    interval: [75, 84.5],
    verdict: 'Better by 80 points (75 to 85): 0 -> 80 of 100, on 83 rows in 41 groups.',
    parity: null,
    directory: '/forge/models/support/v3',
    inOllama: false,
    ...part,
  };
}

export function servingOf(part: Partial<ServingView> = {}): ServingView {
  return {
    state: 'serving',
    running: true,
    url: 'http://127.0.0.1:18793/v1',
    host: '127.0.0.1',
    port: 18_793,
    failure: null,
    models: [],
    families: [{ name: 'support', current: 3, pinned: false, previous: 2, versions: [1, 2, 3] }],
    servers: [],
    answering: 0,
    requests: { total: 12, perMinute: Array.from({ length: 30 }, (_, minute) => minute % 4) },
    keyRequired: false,
    ...part,
  };
}

export const stopped: Partial<ServingView> = {
  state: 'stopped',
  running: false,
  url: null,
  requests: { total: 0, perMinute: [] },
};

export function runOf(part: Partial<MainJobView> = {}): MainJobView {
  return {
    id: 'run-3',
    name: 'support',
    version: 3,
    state: 'succeeded',
    steps: mainJobSteps.map((step) => ({
      step,
      state: 'done',
      text: step === 'serve' ? 'support:v3 is served' : '',
      fraction: null,
      etaSeconds: null,
      seconds: 1,
      job: null,
    })),
    notes: [],
    request: { export: true, deployToOllama: 'auto' },
    createdAt: moment - 400_000,
    updatedAt: moment,
    queuePosition: null,
    failure: null,
    result: null,
    ...part,
  };
}

export const runningRun = runOf({
  id: 'run-4',
  version: 4,
  state: 'running',
  updatedAt: moment + 5000,
  steps: [
    {
      step: 'train',
      state: 'running',
      text: 'step 84 of 240, loss 0.42',
      fraction: 0.35,
      etaSeconds: 118,
      seconds: null,
      job: 'job-1',
    },
  ],
});

export function comparisonOf(part: Partial<ComparisonView> = {}): ComparisonView {
  return {
    id: 'comparison-1',
    title: 'Where is my parcel?',
    createdAt: moment - 7_200_000,
    updatedAt: moment - 7_000_000,
    state: 'done',
    settings: comparisonSettings.parse({}),
    models: [
      { model: null, label: 'support:v3' },
      { model: null, label: 'gpt-mini (OpenAI)' },
    ],
    turns: 4,
    finishedTurns: 4,
    etaSeconds: null,
    spentUsd: 0.01,
    tally: { byModel: {}, ties: 0, none: 0 },
    meanPoints: null,
    ...part,
  };
}

export function homeOf(runs: readonly MainJobView[], part: Partial<HomeData> = {}): HomeData {
  return {
    mainJobs: new Map(runs.map((run) => [run.id, run])),
    models: [modelOf()],
    comparisons: [comparisonOf()],
    sample: null,
    failure: null,
    ...part,
  };
}
