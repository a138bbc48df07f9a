import { defaultBaseModel } from '#contract/base-models.ts';
import type { PlanPreview } from '#contract/plan-preview.ts';
import { datasetReport, splitReport } from './fixtures.ts';

const recipe = {
  method: 'lora',
  rank: 16,
  alpha: 32,
  dropout: 0,
  targetModules: 'all-linear',
  learningRate: 0.001,
  schedule: 'cosine',
  warmupFraction: 0.05,
  weightDecay: 0,
  gradientClip: 1,
  epochs: 3,
  maxMinutes: 4,
  microBatchSize: 8,
  gradientAccumulation: 1,
  maxLength: 512,
  precision: 'bf16',
  packing: 'group',
  gradientCheckpointing: false,
  evaluateEverySteps: 15,
  earlyStopping: { patience: 3, minimumGain: 0.001 },
  checkpointEverySeconds: 60,
  keepCheckpoints: 2,
} as const;

const reasons = Object.fromEntries(
  Object.keys(recipe).map((key) => [key, 'Adapters on every linear layer learn best for their size.']),
);

export const planPreview: PlanPreview = {
  lines: [],
  recipe,
  reasons,
  plan: {
    device: 'cpu',
    recipe,
    reasons,
    forecast: {
      memory: {
        weightsBytes: 2.7e8,
        adapterBytes: 2e7,
        optimiserBytes: 4e7,
        gradientBytes: 2e7,
        activationBytes: 9e8,
        logitBytes: 4e8,
        overheadBytes: 4e8,
        totalBytes: 3.1e9,
      },
      memoryAvailableBytes: 2.4e10,
      stepsPerEpoch: 30,
      stepsAtMost: 90,
      secondsPerStep: 1.9,
      secondsAtMost: 171,
      trainableParameters: 4_884_480,
    },
    warnings: [],
  },
  report: datasetReport,
  split: splitReport,
  base: { id: defaultBaseModel, name: 'SmolLM2 135M Instruct', isHere: true },
  machine: { summary: 'AMD EPYC, 2 cores, 24 GB', profile: 'cpu', reason: 'no graphics card that trains' },
  forecast: { trainSeconds: 170, totalSeconds: 352, diskBytes: 1.1e9 },
  warnings: ['Two rows contradict each other.'],
};
