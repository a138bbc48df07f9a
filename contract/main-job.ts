import { z } from 'zod';
import { versionReference } from './dataset-versions.ts';
import { columnMapping } from './datasets.ts';
import { forgeErrorData } from './error-data.ts';
import { quantisationTypes } from './quantisation-types.ts';
import { recipeSettings } from './recipes.ts';

/**
 * The main job: dataset -> check -> split -> baseline -> train -> merge -> GGUF -> quantise -> evaluate as served -> compare
 * -> deploy -> serve. One main job makes one version of one model; its state is `models/<name>/v<n>/build.json`.
 */
export const mainJobSteps = [
  'machine',
  'dataset',
  'environment',
  'base',
  'plan',
  'base-export',
  'baseline',
  'train',
  'export',
  'parity',
  'evaluate',
  'deploy',
  'serve',
] as const;
export const mainJobStep = z.enum(mainJobSteps);
export type MainJobStep = z.infer<typeof mainJobStep>;

export const quantisationType = z.enum(quantisationTypes);
export type QuantisationType = z.infer<typeof quantisationType>;

/** Model names become folder names and Ollama tags: lower-case letters, digits, `-`, `_`, `.`; 1 to 60 characters. */
export const modelName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/);

/** The nearest name that is allowed: lower case, without accents, `-` for what is not allowed; `model` when nothing is left. */
export function suggestModelName(text: string): string {
  const name = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60)
    .replace(/[-._]+$/, '');
  return name === '' ? 'model' : name;
}

export const mainJobRequest = z.object({
  name: modelName.optional(),
  /** Path of the person's dataset; absent: the shipped sample. */
  dataset: z.string().max(4096).optional(),
  /** Which column fills which place; absent: found from names and contents. */
  mapping: columnMapping.optional(),
  /** Catalogue id, alias, folder or GGUF; absent: the embedded default. */
  base: z.string().max(4096).optional(),
  systemPrompt: z.string().max(20_000).optional(),
  minutes: z.number().positive().max(20_160).optional(),
  epochs: z.number().positive().max(1000).optional(),
  batchSize: z.number().int().positive().max(1024).optional(),
  method: z.enum(['lora', 'qlora', 'dora', 'full']).optional(),
  rank: z.number().int().positive().max(1024).optional(),
  learningRate: z.number().positive().max(1).optional(),
  heldOutRows: z.number().int().positive().max(100_000).optional(),
  quantisation: quantisationType.optional(),
  seed: z.number().int().min(0).max(2_147_483_647).optional(),
  /** Single settings of the recipe that the person set by hand; they win over what is planned. */
  settings: recipeSettings.optional(),
  /** False: stop after training; the adapter is kept. */
  export: z.boolean().default(true),
  deployToOllama: z.enum(['auto', 'always', 'never']).default('auto'),
});
export type MainJobRequest = z.infer<typeof mainJobRequest>;

export const mainJobStepState = z.enum(['waiting', 'running', 'done', 'reused', 'skipped', 'failed', 'interrupted']);

export const mainJobStepView = z.object({
  step: mainJobStep,
  state: mainJobStepState,
  /** One line for a person: what is being done, or what came out. */
  text: z.string(),
  fraction: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  seconds: z.number().nullable(),
  /** The worker job this step runs, when it runs one: its events carry the live curve. */
  job: z.string().nullable(),
});
export type MainJobStepView = z.infer<typeof mainJobStepView>;

export const parityReport = z.object({
  tokens: z.object({ equal: z.number(), of: z.number(), passed: z.boolean() }),
  template: z.object({ equal: z.number(), of: z.number(), passed: z.boolean() }),
  logits: z.object({ argmaxAgreement: z.number(), maxLogProbabilityDifference: z.number(), passed: z.boolean() }),
  greedy: z.object({ equal: z.number(), of: z.number(), passed: z.boolean() }),
  /** Held-out answer loss of the served file against the unquantised reference. */
  loss: z.object({ reference: z.number(), served: z.number(), change: z.number(), passed: z.boolean() }),
});
export type ParityReport = z.infer<typeof parityReport>;

/** The figures of a finished main job; `forge quickstart --json` prints this object. */
export const mainJobResult = z.object({
  name: z.string(),
  version: z.number().int().positive(),
  profile: z.enum(['cuda', 'mlx', 'cpu']),
  base: z.string(),
  /** The dataset version it learned from; absent in builds of older versions. */
  dataset: versionReference.extend({ digest: z.string() }).optional(),
  rows: z.object({
    train: z.number(),
    validation: z.number(),
    heldOut: z.number(),
    heldOutGroups: z.number(),
    rejected: z.number(),
  }),
  baseScore: z.number().nullable(),
  tunedScore: z.number().nullable(),
  delta: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  verdict: z.string(),
  tokensPerSecond: z.number(),
  /** Seconds in training steps alone. */
  trainSeconds: z.number(),
  /** What the worker expected of the whole training after three measured steps, evaluations included. */
  forecastSeconds: z.number().nullable().default(null),
  /** What the whole training took from then on. */
  actualSeconds: z.number().nullable().default(null),
  stopReason: z.string(),
  adapterPath: z.string().nullable(),
  ggufPath: z.string().nullable(),
  ggufSha256: z.string().nullable(),
  quantisation: z.string().nullable(),
  parity: parityReport.nullable(),
  ollama: z.object({ used: z.boolean(), version: z.string().nullable(), reason: z.string() }),
  served: z
    .object({
      model: z.string(),
      url: z.string(),
      question: z.string(),
      answer: z.string(),
      baseAnswer: z.string(),
      expected: z.string(),
    })
    .nullable(),
  stepSeconds: z.record(z.string(), z.number()),
  reused: z.array(z.string()),
  home: z.string(),
});
export type MainJobResult = z.infer<typeof mainJobResult>;

export const mainJobView = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number().int().positive(),
  state: z.enum(['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted']),
  steps: z.array(mainJobStepView),
  notes: z.array(z.string()),
  /** What was asked for: the start of a changed repetition. */
  request: mainJobRequest,
  createdAt: z.number(),
  updatedAt: z.number(),
  /** 1 = next, among those that wait; null when it does not wait. */
  queuePosition: z.number().int().positive().nullable(),
  failure: forgeErrorData.nullable(),
  result: mainJobResult.nullable(),
  /** In the last view a watcher gets of one that was deleted with its version. */
  removed: z.literal(true).optional(),
});
export type MainJobView = z.infer<typeof mainJobView>;

export const mainJobSorts = ['name', 'state', 'score', 'ended'] as const;

/** Which of the main jobs that are over are asked for. */
export const mainJobQuery = z.object({
  /** Part of `name:v3`, of the base or of the data's path; upper and lower case alike. */
  text: z.string().max(200).default(''),
  states: z
    .array(z.enum(['succeeded', 'failed', 'cancelled', 'interrupted']))
    .max(4)
    .nullable()
    .default(null),
  sort: z.enum(mainJobSorts).default('ended'),
  descending: z.boolean().default(true),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(200).default(100),
});
export type MainJobQuery = z.infer<typeof mainJobQuery>;

export const mainJobPage = z.object({
  rows: z.array(mainJobView),
  /** That match. */
  total: z.number().int().nonnegative(),
  /** That are over, whether they match or not. */
  all: z.number().int().nonnegative(),
});
export type MainJobPage = z.infer<typeof mainJobPage>;
