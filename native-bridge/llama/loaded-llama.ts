import { getLlama, LlamaLogLevel, type Llama, type LlamaContext, type LlamaModel, type Token } from 'node-llama-cpp';
import type { LoadedModel } from '#contract/serving.ts';
import { compileChatTemplate, type ChatTemplate } from './chat-template.ts';
import { ComputeTurns } from './compute-turns.ts';
import { ModelFailure, type ComputeThreads, type LoadOrder } from './model-protocol.ts';
import { createPromptTokeniser, type PromptTokens, type Vocabulary } from './prompt-tokens.ts';

/** Tokens of a prompt that are computed at once. Cancelling waits for one chunk at most: 70 ms at 135 M parameters on 2 cores. */
export const chunkTokens = 64;

export interface LlamaInUse {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly view: LoadedModel;
  readonly turns: ComputeTurns;
  threads: ComputeThreads;
  /** Answers under way that may share batches. */
  sharedAnswers: number;
  readonly promptTokens: (messages: Parameters<ReturnType<typeof createPromptTokeniser>>[0]) => PromptTokens;
  readonly vocabulary: Vocabulary;
}

/** Starts llama.cpp from the prebuilt library of this machine: never compiles, never downloads. */
export async function startLlama(options: {
  readonly gpu: false | 'auto';
  readonly physicalCores: number;
}): Promise<Llama> {
  try {
    return await getLlama({
      gpu: options.gpu,
      build: 'never',
      skipDownload: true,
      maxThreads: options.physicalCores,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
      logger: (level, message) => process.stderr.write(`llama.cpp ${level}: ${message}\n`),
    });
  } catch (cause) {
    throw new ModelFailure('serving.no-runtime', { reason: firstLine(cause) });
  }
}

/** Loads one model file with its context, its template and its tokenizer. */
export async function loadLlama(llama: Llama, order: LoadOrder): Promise<LlamaInUse> {
  const startedMs = performance.now();
  // The context takes no more threads than this allows when it is made; the limit in force is set before each step.
  llama.maxThreads = order.physicalCores;
  const model = await loadWeights(llama, order);
  try {
    const context = await makeContext(model, order);
    const { bosString, eosString } = model.tokens;
    const source = templateSource(model);
    const template = templateOf(model, order.path);
    const vocabulary = vocabularyOf(model);
    return {
      llama,
      model,
      context,
      vocabulary,
      turns: new ComputeTurns(),
      threads: order.threads,
      sharedAnswers: 0,
      promptTokens: createPromptTokeniser(template, vocabulary),
      view: {
        path: order.path,
        architecture: model.architecture,
        contextTokens: context.contextSize,
        trainedContextTokens: model.trainContextSize,
        sequences: context.totalSequences,
        threads: order.threads.prompt,
        sizeBytes: model.size,
        chatTemplate: source ?? '',
        bosText: bosString ?? '',
        eosText: eosString ?? '',
        addsBos: model.tokens.shouldPrependBosToken,
        loadMs: Math.round(performance.now() - startedMs),
      },
    };
  } catch (failure) {
    await model.dispose();
    throw failure;
  }
}

async function loadWeights(llama: Llama, order: LoadOrder): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: order.path, ...(order.gpu === false ? { gpuLayers: 0 } : {}) });
  } catch (cause) {
    throw new ModelFailure('serving.load-failed', { path: order.path, reason: firstLine(cause) });
  }
}

async function makeContext(model: LlamaModel, order: LoadOrder): Promise<LlamaContext> {
  const contextSize = Math.min(order.contextTokens, model.trainContextSize);
  const { sequences, path } = order;
  const needed = await model.fileInsights.estimateContextResourceRequirementsV2({
    contextSize,
    sequences,
    modelGpuLayers: model.gpuLayers,
    batchSize: contextBatchTokens(contextSize),
    swaFullCache: true,
  });
  if (needed.cpuRam > order.contextMemoryBytes) {
    throw new ModelFailure('serving.not-enough-memory', {
      path,
      neededMegabytes: megabytes(model.size + needed.cpuRam),
      freeMegabytes: megabytes(model.size + order.contextMemoryBytes),
    });
  }
  try {
    return await model.createContext({
      contextSize,
      sequences,
      batchSize: contextBatchTokens(contextSize),
      threads: order.physicalCores,
      // Without it a sliding-window model can not go back to an earlier position, which every new prompt needs.
      swaFullCache: true,
      failedCreationRemedy: false,
    });
  } catch (cause) {
    throw new ModelFailure('serving.load-failed', { path, reason: firstLine(cause) });
  }
}

const contextBatchTokens = (contextSize: number): number => Math.min(512, contextSize);
const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

function templateSource(model: LlamaModel): string | undefined {
  const tokenizer: unknown = model.fileInfo.metadata.tokenizer;
  const source = (tokenizer as { chat_template?: unknown } | undefined)?.chat_template;
  return typeof source === 'string' ? source : undefined;
}

/** The template inside a model file. @throws ModelFailure as `compileChatTemplate` */
export function templateOf(model: LlamaModel, path: string): ChatTemplate {
  const { bosString, eosString } = model.tokens;
  return compileChatTemplate({
    path,
    source: templateSource(model),
    bosText: bosString ?? '',
    eosText: eosString ?? '',
  });
}

function vocabularyOf(model: LlamaModel): Vocabulary {
  const controlWords: string[] = [];
  for (const token of model.iterateAllTokens()) {
    const attributes = model.getTokenAttributes(token);
    if (attributes.control || attributes.unknown) controlWords.push(model.detokenize([token], true));
  }
  const numbers = (tokens: Token[]): number[] => tokens;
  return {
    tokenise: (text, special) => numbers(model.tokenize(text, special)),
    tokeniseInside: (text, special) => numbers(model.tokenize(text, special, 'trimLeadingSpace')),
    controlWords,
    leadingToken: model.tokens.shouldPrependBosToken ? model.tokens.bos : null,
  };
}

/** The first line of what a library says, cut. */
export function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
