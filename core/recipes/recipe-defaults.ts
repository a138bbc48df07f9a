import type { DeviceKind } from '#contract/jobs.ts';
import { say } from '#contract/sentences.ts';

/** Starting values for models of one size. */
export interface SizeDefaults {
  readonly name: string;
  /** Models with fewer parameters than this. */
  readonly belowParameters: number;
  readonly rank: number;
  readonly learningRate: number;
  /** All weights move at once, so steps are about ten times smaller than an adapter's (Schulman et al. 2025, "LoRA Without Regret"). */
  readonly fullLearningRate: number;
  /** Rows per optimiser step. */
  readonly batchSize: number;
}

/**
 * Sources. Under 0.5 B: measured with this worker on SmolLM2-135M and 278 of the shipped tickets (rank 16, alpha 32, batch 8, rate 1e-3, bf16):
 * validation loss 2.41 -> 0.082 in 138 steps and 134 s on 2 cores, falling to the end; earlier trials with batch 4 were stable at 6e-4 and
 * 8e-4 too. Above 1e-3 nothing was measured. 0.5 to 15 B: 2e-4, and 1e-4 above (Dettmers et al. 2023, "QLoRA", table 9). Rank 16 on all
 * linear layers: the rank matters little there once every layer has an adapter (same paper, 4).
 */
export const sizeDefaults: readonly SizeDefaults[] = [
  {
    name: say('plan.size-tiny'),
    belowParameters: 500e6,
    rank: 16,
    learningRate: 1e-3,
    fullLearningRate: 1e-4,
    batchSize: 8,
  },
  {
    name: say('plan.size-small'),
    belowParameters: 2e9,
    rank: 16,
    learningRate: 2e-4,
    fullLearningRate: 2e-5,
    batchSize: 8,
  },
  {
    name: say('plan.size-middle'),
    belowParameters: 15e9,
    rank: 16,
    learningRate: 2e-4,
    fullLearningRate: 1e-5,
    batchSize: 16,
  },
  {
    name: say('plan.size-large'),
    belowParameters: Infinity,
    rank: 16,
    learningRate: 1e-4,
    fullLearningRate: 5e-6,
    batchSize: 16,
  },
];

/** The rung for runs that diverged: hardly moves, cannot explode. */
export const carefulDefaults = { rank: 4, learningRate: 1e-5 } as const;

/** alpha = 2 x rank: the update keeps its size when the rank is changed (Hu et al. 2021, "LoRA", 4.1; the factor 2 is common practice). */
export const alphaPerRank = 2;

export const commonDefaults = {
  dropout: 0,
  schedule: 'cosine',
  warmupFraction: 0.05,
  gradientClip: 1,
  evaluateEverySteps: 20,
  evaluationsAtMost: 40,
  patience: 3,
  minimumGain: 0.001,
  checkpointEverySeconds: 60,
  keepCheckpoints: 2,
} as const;

/** Times every row is seen at most, by number of training rows; early stopping usually ends before. */
export const epochsByRows: readonly { readonly belowRows: number; readonly epochs: number }[] = [
  { belowRows: 300, epochs: 5 },
  { belowRows: 5_000, epochs: 3 },
  { belowRows: 50_000, epochs: 2 },
  { belowRows: Infinity, epochs: 1 },
];

/**
 * Useful floating-point operations per second while training, for the forecast before anything is measured (the run measures three
 * real steps and corrects it). CPU: per core; bf16 from 0.97 s a step of 8 rows in the trial above (shared system message computed once),
 * on cores with AVX-512 bf16; fp32 in the ratio 200 to 380 tokens/s measured with one and the same loop. Older cores are two to four times
 * slower. cuda and mlx: assumed, a middle-class card and an M-series chip.
 */
export const trainingSpeed: Readonly<
  Record<DeviceKind, { readonly bf16: number; readonly other: number; readonly perCore: boolean }>
> = {
  cpu: { bf16: 180e9, other: 95e9, perCore: true },
  cuda: { bf16: 30e12, other: 10e12, perCore: false },
  mlx: { bf16: 3e12, other: 2e12, perCore: false },
};

/** Time for a CPU: 2.5 minutes for 135 M parameters on 2 cores and the shipped 272 rows of 155 tokens (the trial above was done in that time), more for more. */
export const cpuTimeBudget = {
  minutes: 2.5,
  parameters: 135e6,
  cores: 2,
  tokens: 272 * 155,
  maximumMinutes: 240,
} as const;

/** A CPU run of a model this large takes hours. */
export const slowOnCpuParameters = 1e9;

/** Share of the free memory a plan may use. */
export const usableMemoryShare = 0.9;
