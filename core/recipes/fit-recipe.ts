import { ForgeError } from '#contract/errors.ts';
import type {
  DatasetFacts,
  MachineFacts,
  MemoryForecast,
  ModelFacts,
  RecipeSettings,
  TrainMethod,
  TrainRecipe,
} from '#contract/recipes.ts';
import { say } from '#contract/sentences.ts';
import { forecastMemory } from './memory-fit.ts';
import { usableMemoryShare } from './recipe-defaults.ts';

/** The settings that decide how much memory a run needs. */
export type SizeSettings = Pick<
  TrainRecipe,
  'method' | 'rank' | 'microBatchSize' | 'gradientAccumulation' | 'maxLength' | 'precision' | 'gradientCheckpointing'
>;

export interface FitQuestion {
  readonly model: ModelFacts;
  readonly dataset: DatasetFacts;
  readonly machine: MachineFacts;
  readonly method: TrainMethod;
  /** True when a person asked for the method, so it is not changed. */
  readonly methodAsked: boolean;
  readonly rank: number;
  readonly batchSize: number;
  readonly maxLength: number;
  readonly precision: TrainRecipe['precision'];
  /** What a person set by hand is not tried in other ways. */
  readonly byHand?: RecipeSettings;
}

export interface Fit {
  readonly settings: SizeSettings;
  readonly memory: MemoryForecast;
}

/** Micro-batches that give the batch exactly: the batch, then its smaller divisors. */
function microBatches(batchSize: number): number[] {
  return Array.from({ length: batchSize }, (_, index) => batchSize - index).filter((size) => batchSize % size === 0);
}

function candidates(question: FitQuestion): SizeSettings[] {
  const { method, methodAsked, machine, rank, batchSize, maxLength, precision, byHand = {} } = question;
  const { microBatchSize: micro, gradientAccumulation: accumulation, gradientCheckpointing: checkpointing } = byHand;
  const methods: TrainMethod[] =
    methodAsked || method !== 'lora' || machine.device === 'cpu' ? [method] : [method, 'qlora'];
  const sizes =
    micro !== undefined ? [micro] : accumulation !== undefined ? [batchSize / accumulation] : microBatches(batchSize);
  return methods.flatMap((tried) =>
    (checkpointing === undefined ? [false, true] : [checkpointing]).flatMap((gradientCheckpointing) =>
      sizes.map((microBatchSize) => ({
        method: tried,
        rank,
        microBatchSize,
        gradientAccumulation: batchSize / microBatchSize,
        maxLength,
        precision,
        gradientCheckpointing,
      })),
    ),
  );
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function measure(question: FitQuestion, settings: SizeSettings): MemoryForecast {
  const { model, machine, dataset } = question;
  return forecastMemory({ model, device: machine.device, answerShare: dataset.answerShare, recipe: settings });
}

/** What would fit: four bits, shorter rows, or a smaller model; the first that does. */
function suggestion(question: FitQuestion, tightest: SizeSettings, usableBytes: number): string {
  const fits = (changes: Partial<SizeSettings>): boolean =>
    measure(question, { ...tightest, ...changes }).totalBytes <= usableBytes;
  const { gradientCheckpointing, microBatchSize, gradientAccumulation } = question.byHand ?? {};
  if (gradientCheckpointing === false && fits({ gradientCheckpointing: true }))
    return say('plan.take-back-checkpointing');
  const isSizeByHand = microBatchSize !== undefined || gradientAccumulation !== undefined;
  if (isSizeByHand && fits({ microBatchSize: 1, gradientCheckpointing: true })) return say('plan.take-back-batch');
  if (tightest.method === 'full' && fits({ method: 'lora' })) return say('plan.choose-lora');
  if (tightest.method !== 'qlora' && fits({ method: 'qlora' })) return say('plan.choose-qlora');
  const { p50 } = question.dataset.tokens;
  if (p50 < tightest.maxLength && fits({ maxLength: p50 })) {
    return say('plan.shorten', { tokens: p50 });
  }
  const bytesPerParameter = tightest.precision === 'fp32' ? 4.5 : 2.5;
  const billions = Math.max(0, usableBytes - 1.5e9) / bytesPerParameter / 1e9;
  return billions < 0.1 ? say('plan.too-little-memory') : say('plan.smaller-model', { billions: billions.toFixed(1) });
}

/**
 * The fastest settings that fit into the memory, in this order: the whole batch at once; smaller micro-batches with accumulation (the same
 * result, slower); gradient checkpointing (a third slower); 4-bit weights when the method was left open and a GPU is there.
 * Throws ForgeError `recipe.does-not-fit`, which says what would fit.
 */
export function fitRecipe(question: FitQuestion): Fit {
  const usableBytes = question.machine.memoryBytes * usableMemoryShare;
  const tried = candidates(question);
  for (const settings of tried) {
    const memory = measure(question, settings);
    if (memory.totalBytes <= usableBytes) return { settings, memory };
  }
  const tightest = tried.at(-1);
  if (tightest === undefined) throw new Error('there is no candidate for a batch of no rows');
  throw new ForgeError('recipe.does-not-fit', {
    method: tightest.method,
    needed: inGigabytes(measure(question, tightest).totalBytes),
    available: inGigabytes(question.machine.memoryBytes),
    suggestion: suggestion(question, tightest, usableBytes),
  });
}
