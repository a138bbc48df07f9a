import type {
  ChatEvent,
  ChatMessage,
  ChatRequest,
  ContentGuard,
  LoadedModel,
  ModelServerStatus,
  TokenScore,
} from '#contract/serving.ts';

export interface ModelToLoad {
  /** Absolute path of one GGUF file. */
  readonly path: string;
  /** Room for prompt and answer of each conversation, in tokens; default 2048, never above what the model was trained on. */
  readonly contextTokens?: number;
}

export interface RenderedPrompt {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly contentGuard: ContentGuard;
}

/**
 * One model at a time in a process of its own. Every method rejects with a ForgeError (`serving.*`) for what can be expected.
 */
export interface ModelServer {
  /** Loads a file (and drops the one before). The same file with the same context again costs nothing. Loads never overlap. */
  load(model: ModelToLoad, signal?: AbortSignal): Promise<LoadedModel>;
  /**
   * Answers one conversation with the loaded model; waits in the queue when every sequence is taken. Loads the last model
   * again when it was unloaded for idleness or lost in a crash. Stopping the iteration or aborting the signal cancels.
   * @throws ForgeError `serving.busy` at once when the queue is full, `serving.crashed` when the process dies on the way.
   */
  chat(request: ChatRequest, signal?: AbortSignal): AsyncIterable<ChatEvent>;
  /** The prompt exactly as `chat` would give it to the model. */
  render(messages: readonly ChatMessage[]): Promise<RenderedPrompt>;
  /**
   * Rates a given answer, token by token, as if the model had to write it (at most `scoredTokens` of it). Waits in the queue as `chat` does.
   */
  score(messages: readonly ChatMessage[], answer: string, signal?: AbortSignal): Promise<readonly TokenScore[]>;
  /** Tokens of plain text: control words in it stay text. */
  tokenise(text: string): Promise<readonly number[]>;
  /** How many threads to compute with from the next token on; at least 1, at most the physical cores. */
  setThreads(threads: number): Promise<void>;
  status(): ModelServerStatus;
  /** Ends the process and gives the memory back; `chat` after it loads again. */
  unload(): Promise<void>;
  /** Ends the process for good. */
  dispose(): Promise<void>;
}

/** Decision on one more request, given what runs now; made in `core/serving/queue-policy.ts`. */
export type Admission =
  | { readonly kind: 'run' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'refuse'; readonly retryAfterSeconds: number };

export interface QueueLoad {
  readonly running: number;
  readonly waiting: number;
  readonly maximumSequences: number;
  readonly queueLimit: number;
  /** Mean duration of the latest answers, 0 when there were none. */
  readonly meanAnswerMs: number;
}

export interface GenerationThreadsInput {
  readonly threads: number;
  readonly physicalCores: number;
  readonly fileBytes: number;
}

/** The decisions a model server leaves to `core/serving`; given in by the composition root. */
export interface ServingPolicy {
  admit(load: QueueLoad): Admission;
  /** Milliseconds to wait before the n-th start in a row after crashes. */
  restartDelayMs(crashesInARow: number): number;
  /** Bytes a file needs in memory before its context is counted. */
  memoryNeededBytes(fileBytes: number): number;
  /** Threads for single tokens, given the threads for prompts; between 1 and those. */
  generationThreads(given: GenerationThreadsInput): number;
}
