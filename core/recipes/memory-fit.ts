import type { DeviceKind } from '#contract/jobs.ts';
import type { MemoryForecast, ModelFacts, TrainRecipe } from '#contract/recipes.ts';

export interface MemoryQuestion {
  readonly model: Pick<ModelFacts, 'parameters' | 'layers' | 'hiddenSize' | 'vocabularySize'>;
  readonly device: DeviceKind;
  /** Share of the tokens that are answers, 0..1: logits are computed for those positions only. */
  readonly answerShare: number;
  readonly recipe: Pick<
    TrainRecipe,
    'method' | 'rank' | 'microBatchSize' | 'maxLength' | 'precision' | 'gradientCheckpointing'
  >;
}

/** nf4 with double quantisation: 4 bits and 0.127 bits of constants a weight (Dettmers et al. 2023, "QLoRA", 3). */
const fourBitBytes = (4 + 0.127) / 8;
/** Bytes of activations a token, layer and hidden dimension at 16 bits, without the attention matrix (Korthikanti et al. 2022, eq. 2). */
const activationFactor = 34;
/** fp32 logits, their log-softmax and its gradient. */
const bytesPerLogit = 12;
/** A batch may hold more answer tokens than the average one. */
const answerSpread = 1.5;
/** Interpreter, framework, kernels: measured about 0.8 GB for torch on a CPU; a CUDA context and its libraries take more. */
const overhead: Readonly<Record<DeviceKind, number>> = { cpu: 0.8e9, cuda: 1.2e9, mlx: 0.6e9 };

/**
 * Parameters of adapters on all linear layers: rank x (inputs + outputs) of each. For a Llama-like layer (q, k, v, o, gate, up, down; any number of
 * key heads) the inputs and outputs add up to 7 h + (weights of the layer) / h, which needs the parameter count only.
 * SmolLM2-135M at rank 16: 4.9 M, the measured 19.6 MB in fp32.
 */
export function adapterParameters(model: MemoryQuestion['model'], rank: number): number {
  const perLayer = Math.max(0, model.parameters - model.vocabularySize * model.hiddenSize) / model.layers;
  return Math.round(model.layers * rank * (7 * model.hiddenSize + perLayer / model.hiddenSize));
}

export function trainableParameters(
  model: MemoryQuestion['model'],
  recipe: Pick<TrainRecipe, 'method' | 'rank'>,
): number {
  return recipe.method === 'full' ? model.parameters : adapterParameters(model, recipe.rank);
}

function weightBytes(question: MemoryQuestion): number {
  const { parameters, vocabularySize, hiddenSize } = question.model;
  const width = question.recipe.precision === 'fp32' ? 4 : 2;
  if (question.recipe.method !== 'qlora') return parameters * width;
  const embeddings = Math.min(parameters, vocabularySize * hiddenSize);
  return embeddings * width + (parameters - embeddings) * fourBitBytes;
}

function activationBytes({ model, recipe }: MemoryQuestion): number {
  const width = recipe.precision === 'fp32' ? 2 : 1;
  const tokens = recipe.microBatchSize * recipe.maxLength;
  const oneLayer = activationFactor * tokens * model.hiddenSize * width;
  const kept = 2 * tokens * model.hiddenSize * width * model.layers;
  return recipe.gradientCheckpointing ? oneLayer + kept : oneLayer * model.layers;
}

/**
 * Bytes of a training process at its peak. Weights as loaded; adapters in fp32; Adam's two moments and the gradient in fp32 (16 bytes a trained
 * parameter with its master copy, Rajbhandari et al. 2020, "ZeRO", 3.1); activations as Korthikanti et al. 2022, with checkpointing only the layer inputs and one
 * layer (their section 5); logits on answer positions only.
 * An estimate for choosing settings, on the careful side: SmolLM2-135M with 8 rows of at most 256 tokens is forecast at 2.6 GB and
 * measured at 2.0 to 2.2. The run measures the real peak on its first steps.
 */
export function forecastMemory(question: MemoryQuestion): MemoryForecast {
  const { model, recipe, device } = question;
  const trained = trainableParameters(model, recipe);
  const answerTokens = recipe.microBatchSize * recipe.maxLength * Math.min(1, question.answerShare * answerSpread);
  const parts = {
    weightsBytes: weightBytes(question),
    adapterBytes: trained * 4,
    optimiserBytes: trained * 8,
    gradientBytes: trained * 4,
    activationBytes: activationBytes(question),
    logitBytes: answerTokens * model.vocabularySize * bytesPerLogit,
    overheadBytes: overhead[device],
  };
  return { ...parts, totalBytes: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}
