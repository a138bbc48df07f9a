import type { ChatMessage, OllamaStatus } from '#contract/serving.ts';
import type { ChatPiece } from './chat-provider.ts';

/** What Ollama is told about a model; derived from the trained chat template, never guessed. */
export interface Modelfile {
  /** Name of the row in the table of known templates. */
  readonly family: string;
  /** Go template. */
  readonly template: string;
  readonly system: string | null;
  readonly stop: readonly string[];
}

export interface OllamaModelToCreate {
  readonly name: string;
  readonly ggufPath: string;
  readonly modelfile: Modelfile;
  readonly contextTokens: number;
}

export interface OllamaProgress {
  readonly phase: 'hashing' | 'uploading' | 'creating';
  /** 0 to 1, null when it can not be known. */
  readonly fraction: number | null;
}

export interface OllamaAnswer {
  readonly text: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface OllamaChat {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maximumTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly threads?: number;
}

/** A running Ollama. Every method rejects with a ForgeError (`serving.ollama-*`) for what can be expected. */
export interface Ollama {
  /** Never throws; answers within 2 s. */
  detect(): Promise<OllamaStatus>;
  list(): Promise<readonly { readonly name: string; readonly digest: string; readonly sizeBytes: number }[]>;
  /** Uploads the file once (a finished blob is not sent again) and makes the model. Returns the sha256 of the file. */
  create(
    model: OllamaModelToCreate,
    options?: { readonly onProgress?: (progress: OllamaProgress) => void; readonly signal?: AbortSignal },
  ): Promise<{ readonly digest: string }>;
  chat(request: OllamaChat, signal?: AbortSignal): Promise<OllamaAnswer>;
  /** The same in pieces as they come. */
  stream(request: OllamaChat, signal?: AbortSignal): AsyncIterable<ChatPiece>;
  copy(from: string, to: string): Promise<void>;
  /** True when there was such a model. */
  remove(name: string): Promise<boolean>;
}
