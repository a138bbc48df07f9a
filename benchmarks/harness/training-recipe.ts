/** The settings of docs/worker-protocol.md with which the benchmarks train; both sides of a comparison get them. */
export const benchmarkRecipe = {
  method: 'lora',
  rank: 16,
  alpha: 32,
  dropout: 0,
  targetModules: 'all-linear',
  learningRate: 6e-4,
  schedule: 'cosine',
  warmupFraction: 0.05,
  weightDecay: 0,
  gradientClip: 1,
  epochs: 1,
  maxMinutes: null,
  microBatchSize: 8,
  gradientAccumulation: 1,
  maxLength: 1024,
  precision: 'bf16',
  packing: 'group',
  gradientCheckpointing: false,
  // Once before and once after the training: evaluations in between would only blur the clock.
  evaluateEverySteps: 1_000_000,
  earlyStopping: { patience: 1_000, minimumGain: 0 },
  checkpointEverySeconds: 1_000_000,
  keepCheckpoints: 2,
} as const;

export type BenchmarkRecipe = { readonly [K in keyof typeof benchmarkRecipe]: unknown };
