import type { MainJobView } from '#contract/main-job.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { mainJobRequest } from '#contract/main-job.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { emptyConversation, type ChatConversation } from './chat-conversation.ts';
import { modelRows, type ModelRow } from './model-rows.ts';
import type { ModelsViewProps } from './views/models-props.ts';

/** Always as long ago, so that pictures do not change. */
const moment = Date.now() - 5 * 60_000;

export const parity: NonNullable<ModelVersion['parity']> = {
  tokens: { equal: 80, of: 80, passed: true },
  template: { equal: 80, of: 80, passed: true },
  logits: { argmaxAgreement: 0.994, maxLogProbabilityDifference: 0.21, passed: true },
  greedy: { equal: 77, of: 80, passed: true },
  loss: { reference: 0.412, served: 0.415, change: 0.0073, passed: true },
};

export const versionOf = (change: Partial<ModelVersion> = {}): ModelVersion => {
  const { name, version } = { name: 'support', version: 3, ...change };
  return {
    name,
    version,
    base: 'smollm2-135m-instruct',
    createdAt: moment,
    state: 'ready',
    quantisation: 'Q8_0',
    ggufPath: `/forge/models/${name}/v${version}/gguf/model.gguf`,
    ggufSha256: 'b8a7c9d0e1f2031425364758697a8b9cadbecfd0e1f2031425364758697a8b9c',
    sizeBytes: 144_811_072,
    baseScore: 0,
    tunedScore: 81.2,
    interval: [76, 86],
    verdict: 'Better by 81 points (76 to 86).',
    parity,
    directory: `/forge/models/${name}/v${version}`,
    inOllama: false,
    ...change,
  };
};

export const versions: readonly ModelVersion[] = [
  versionOf(),
  versionOf({
    version: 2,
    createdAt: moment - 86_400_000,
    tunedScore: 74,
    interval: [68, 80],
    verdict: 'Better by 74 points (68 to 80).',
    inOllama: true,
  }),
  versionOf({
    version: 1,
    createdAt: moment - 172_800_000,
    tunedScore: 12.4,
    interval: null,
    verdict: 'Too few rows to tell.',
    sizeBytes: 270_000_000,
    quantisation: 'F16',
  }),
  versionOf({
    name: 'tickets-de',
    version: 1,
    createdAt: moment - 3_600_000,
    state: 'adapter-only',
    quantisation: null,
    ggufPath: null,
    ggufSha256: null,
    sizeBytes: null,
    baseScore: null,
    tunedScore: null,
    interval: null,
    verdict: null,
    parity: null,
  }),
];

export const serving: ServingView = {
  state: 'serving',
  running: true,
  url: 'http://127.0.0.1:18793/v1',
  host: '127.0.0.1',
  port: 18_793,
  failure: null,
  models: versions.slice(0, 3).map(({ name, version, ggufPath, createdAt }) => ({
    name: `${name}:v${version}`,
    path: ggufPath ?? '',
    createdAtMs: createdAt,
  })),
  families: [{ name: 'support', current: 3, pinned: true, previous: 2, versions: [1, 2, 3] }],
  servers: [
    {
      state: 'ready',
      model: null,
      threads: 4,
      running: 0,
      waiting: 0,
      crashes: 0,
      processId: 100,
      path: '/forge/models/support/v3/gguf/model.gguf',
      name: 'support:v3',
    },
  ],
  answering: 0,
  requests: { total: 0, perMinute: [] },
  keyRequired: false,
};

export const mainJobOf = (change: Partial<MainJobView> = {}): MainJobView => ({
  id: 'support-v3',
  name: 'support',
  version: 3,
  state: 'succeeded',
  steps: [],
  notes: [],
  request: mainJobRequest.parse({ dataset: '/data/tickets.csv' }),
  createdAt: moment,
  updatedAt: moment,
  queuePosition: null,
  failure: null,
  result: null,
  ...change,
});

export const rowsOf = (shown: readonly ModelVersion[]): readonly ModelRow[] =>
  modelRows(shown, { serving, mainJobs: new Map([['support:v3', mainJobOf()]]), hidden: new Set() });

export const modelsState = (change: Partial<ModelsViewProps['state']> = {}): ModelsViewProps['state'] => ({
  failure: null,
  ollama: { state: 'absent', host: '127.0.0.1:11434', reason: 'no answer' },
  work: {},
  deployments: {},
  exports: {},
  selected: null,
  ...change,
});

export const failure: ForgeErrorData = {
  code: 'serving.crashed',
  message: 'The model server process ended in the middle of the work (killed).',
  remedy: 'Send the request again: the server starts anew by itself.',
  retryable: true,
  exitCode: 3,
  detail: {},
  correlationId: null,
};

export const targetExists: ForgeErrorData = {
  ...failure,
  code: 'export.target-exists',
  message: '/home/me/support-v3.gguf is already there.',
  remedy: 'Choose another place, or replace it.',
};

const figures = { finishReason: 'stop', firstTokenMs: 210, totalMs: 2_400, tokens: 68 } as const;

export const chatOf = (change: Partial<ChatConversation> = {}): ChatConversation => ({
  ...emptyConversation,
  turns: [
    {
      role: 'user',
      state: 'done',
      text: 'My lamp was promised for Monday and it is Thursday.',
      figures: null,
      failure: null,
    },
    {
      role: 'assistant',
      state: 'done',
      text: '```json\n{ "category": "shipping", "urgency": "high" }\n```',
      figures,
      failure: null,
    },
  ],
  ...change,
});
