import { z } from 'zod';
import { deviceKind } from './jobs.ts';

export const trainMethods = ['lora', 'qlora', 'dora', 'full'] as const;
export const trainMethod = z.enum(trainMethods);
export type TrainMethod = z.infer<typeof trainMethod>;

/** `recipe` of a `train` payload (docs/worker-protocol.md), every value set. */
export const trainRecipe = z.object({
  method: trainMethod,
  rank: z.number().int().min(1).max(512),
  alpha: z.number().positive().max(2048),
  dropout: z.number().min(0).max(0.9),
  targetModules: z.union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)]),
  learningRate: z.number().positive().max(1),
  schedule: z.enum(['cosine', 'linear', 'constant']),
  warmupFraction: z.number().min(0).max(0.5),
  weightDecay: z.number().min(0).max(1),
  gradientClip: z.number().positive().max(1000),
  /** Upper bound; training may end earlier by time or early stopping. */
  epochs: z.number().positive().max(1000),
  maxMinutes: z.number().positive().nullable(),
  microBatchSize: z.number().int().min(1).max(1024),
  gradientAccumulation: z.number().int().min(1).max(1024),
  /** Tokens. */
  maxLength: z.number().int().min(16).max(1_048_576),
  precision: z.enum(['bf16', 'fp32', 'fp16']),
  packing: z.enum(['group', 'pack']),
  gradientCheckpointing: z.boolean(),
  evaluateEverySteps: z.number().int().min(1),
  earlyStopping: z.object({ patience: z.number().int().min(1), minimumGain: z.number().min(0) }),
  checkpointEverySeconds: z.number().positive(),
  keepCheckpoints: z.literal(2),
});
export type TrainRecipe = z.infer<typeof trainRecipe>;

/** Single settings that a person set by hand. */
export const recipeSettings = trainRecipe.omit({ keepCheckpoints: true }).partial();
export type RecipeSettings = z.infer<typeof recipeSettings>;

/** What a person may ask for; everything left out is planned. Ranges are checked by the planner, with a sentence each. */
export const recipeWishes = z.object({
  method: trainMethod.optional(),
  epochs: z.number().optional(),
  batchSize: z.number().optional(),
  rank: z.number().optional(),
  learningRate: z.number().optional(),
  /** Upper bound of the training time; 0 = no bound. */
  minutes: z.number().optional(),
  /** Tokens. */
  maxLength: z.number().optional(),
  /** Start on the careful rung (low rank and learning rate), for runs that diverged. */
  careful: z.boolean().optional(),
});
export type RecipeWishes = z.infer<typeof recipeWishes>;

export const modelFacts = z.object({
  parameters: z.number().int().positive(),
  family: z.string(),
  layers: z.number().int().positive(),
  hiddenSize: z.number().int().positive(),
  vocabularySize: z.number().int().positive(),
  contextLength: z.number().int().positive(),
  hasChatTemplate: z.boolean(),
});
export type ModelFacts = z.infer<typeof modelFacts>;

export const datasetFacts = z.object({
  trainRows: z.number().int().positive(),
  validationRows: z.number().int().nonnegative(),
  /** Lengths of whole rows (prompt and answer) in tokens; estimated from characters when `estimated`. */
  tokens: z.object({
    mean: z.number().positive(),
    p50: z.number().int().positive(),
    p95: z.number().int().positive(),
    longest: z.number().int().positive(),
  }),
  estimated: z.boolean(),
  /** Tokens at the start that all rows share (the same system message): the worker computes them once a batch. */
  sharedTokens: z.number().int().nonnegative().optional(),
  /** Share of the tokens that are answers, 0..1. */
  answerShare: z.number().min(0).max(1),
});
export type DatasetFacts = z.infer<typeof datasetFacts>;

export const machineFacts = z.object({
  device: deviceKind,
  physicalCores: z.number().int().positive(),
  /** Memory free for the run: RAM for cpu and mlx, VRAM for cuda. */
  memoryBytes: z.number().positive(),
  bf16: z.boolean(),
});
export type MachineFacts = z.infer<typeof machineFacts>;

/** Bytes of one training process, by part; the formula and its sources: `core/recipes/memory-fit.ts`. */
export const memoryForecast = z.object({
  weightsBytes: z.number(),
  adapterBytes: z.number(),
  optimiserBytes: z.number(),
  gradientBytes: z.number(),
  activationBytes: z.number(),
  logitBytes: z.number(),
  overheadBytes: z.number(),
  totalBytes: z.number(),
});
export type MemoryForecast = z.infer<typeof memoryForecast>;

export const recipePlan = z.object({
  device: deviceKind,
  recipe: trainRecipe,
  /** One sentence for every key of the recipe. */
  reasons: z.record(z.string(), z.string()),
  forecast: z.object({
    memory: memoryForecast,
    memoryAvailableBytes: z.number(),
    stepsPerEpoch: z.number().int().positive(),
    /** Steps when neither time nor early stopping ends the run. */
    stepsAtMost: z.number().int().positive(),
    secondsPerStep: z.number().positive(),
    /** Time when neither early stopping nor a failure ends the run. */
    secondsAtMost: z.number().positive(),
    trainableParameters: z.number().int().positive(),
  }),
  warnings: z.array(z.string()),
});
export type RecipePlan = z.infer<typeof recipePlan>;
