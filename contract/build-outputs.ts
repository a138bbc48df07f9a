import { z } from 'zod';
import { versionReference } from './dataset-versions.ts';
import { datasetReport, splitReport } from './datasets.ts';
import { comparison, scoreSummary, scoringSpec, verdict } from './evaluation.ts';
import { deviceKind } from './jobs.ts';
import { parityReport } from './main-job.ts';
import { modelFacts, recipePlan } from './recipes.ts';

/** What each step of a main job leaves for the later ones; kept in `build.json`. */
export const stepOutputs = {
  machine: z.object({
    profile: z.enum(['cuda', 'mlx', 'cpu']),
    reason: z.string(),
    device: deviceKind,
    physicalCores: z.number().int().positive(),
    memoryBytes: z.number(),
    bf16: z.boolean(),
  }),
  environment: z.object({ directory: z.string(), versions: z.record(z.string(), z.string()) }),
  base: z.object({
    id: z.string(),
    folder: z.string(),
    digest: z.string(),
    facts: modelFacts,
    preTokenizer: z.string().nullable(),
    origin: z.string(),
  }),
  dataset: z.object({
    source: z.string(),
    /** The dataset version that was learned from; absent in builds of older versions. */
    version: versionReference.extend({ digest: z.string() }).optional(),
    report: datasetReport,
    split: splitReport,
    scoring: scoringSpec,
    trainPath: z.string(),
    validationPath: z.string(),
    heldOutPath: z.string(),
    textsPath: z.string(),
    digest: z.string(),
  }),
  plan: z.object({ plan: recipePlan, lines: z.array(z.string()) }),
  'base-export': z.object({ type: z.string(), path: z.string(), sha256: z.string(), reason: z.string() }),
  baseline: z.object({ answersPath: z.string(), type: z.string(), summary: scoreSummary }),
  train: z.object({
    adapterPath: z.string(),
    adapterSha256: z.string(),
    tokensPerSecond: z.number(),
    trainSeconds: z.number(),
    /** What the worker expected after three measured steps, and what the training took; absent in builds of older versions. */
    forecastSeconds: z.number().nullish(),
    actualSeconds: z.number().nullish(),
    steps: z.number(),
    initialValidationLoss: z.number().nullable(),
    bestValidationLoss: z.number().nullable(),
    stopReason: z.string(),
  }),
  export: z.object({ mergedPath: z.string(), f16Path: z.string(), f16Sha256: z.string() }),
  parity: z.object({
    type: z.string(),
    path: z.string(),
    sha256: z.string(),
    report: parityReport,
    remarks: z.array(z.string()),
  }),
  evaluate: z.object({
    answersPath: z.string(),
    /** Where the base was scored in another file type than the baseline; absent in builds of older versions. */
    baseAnswersPath: z.string().optional(),
    summary: scoreSummary,
    baseSummary: scoreSummary,
    comparison,
    verdict,
  }),
  deploy: z.object({
    used: z.boolean(),
    version: z.string().nullable(),
    reason: z.string(),
    names: z.array(z.string()),
  }),
  serve: z.object({
    model: z.string(),
    url: z.string(),
    question: z.string(),
    answer: z.string(),
    baseAnswer: z.string(),
    expected: z.string(),
  }),
} as const;

export type StepOutputs = { readonly [K in keyof typeof stepOutputs]: z.infer<(typeof stepOutputs)[K]> };
