import type { ChatMessage, FinishReason, LoadedModel, ParsedChatRequest, TokenScore } from '#contract/serving.ts';
import type { RowMessage } from '#contract/datasets.ts';
import type { RenderedPrompt } from '#core/ports/model-server.ts';
import type { EncodedRow, RowSource } from '#core/ports/row-tokeniser.ts';

/** What the parent sends to the model process. Every `id` is answered by exactly one `*-done` or `failed` message. */
export type ToModelProcess =
  | { readonly kind: 'load'; readonly id: number; readonly model: LoadOrder }
  | { readonly kind: 'chat'; readonly id: number; readonly request: RepeatableRequest }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'render'; readonly id: number; readonly messages: readonly ChatMessage[] }
  | { readonly kind: 'score'; readonly id: number; readonly messages: readonly ChatMessage[]; readonly answer: string }
  | { readonly kind: 'tokenise'; readonly id: number; readonly text: string }
  /** Makes ready for `encode-row`: of a model file its vocabulary and template alone, no weights. */
  | { readonly kind: 'open-rows'; readonly id: number; readonly source: RowSource }
  | { readonly kind: 'encode-row'; readonly id: number; readonly messages: readonly RowMessage[] }
  | { readonly kind: 'count-tokens'; readonly id: number; readonly texts: readonly string[] }
  | { readonly kind: 'threads'; readonly id: number; readonly threads: ComputeThreads };

/** Threads for the chunks of a prompt and for single tokens. */
export interface ComputeThreads {
  readonly prompt: number;
  readonly generation: number;
}

/** A chat request with its seed decided; `isolated` ones (greedy, or seeded by the caller) are computed alone so that they can be repeated. */
export type RepeatableRequest = ParsedChatRequest & { readonly seed: number; readonly isolated: boolean };

export interface LoadOrder {
  readonly path: string;
  readonly contextTokens: number;
  readonly sequences: number;
  /** Most threads that are ever used; the context is made for them. */
  readonly physicalCores: number;
  readonly threads: ComputeThreads;
  readonly gpu: false | 'auto';
  /** Memory the context may take, in bytes. */
  readonly contextMemoryBytes: number;
}

/** Failures that the model process can name; anything else is a bug and ends the process. */
export type ModelFailureCode =
  | 'serving.no-runtime'
  | 'serving.load-failed'
  | 'serving.not-enough-memory'
  | 'serving.no-chat-template'
  | 'serving.template-refused'
  | 'serving.prompt-too-long'
  | 'serving.nothing-loaded'
  | 'serving.cancelled';

export type FailureDetail = Readonly<Record<string, string | number>>;

/** What the model process sends to its parent. */
export type FromModelProcess =
  | { readonly kind: 'ready' }
  | { readonly kind: 'load-done'; readonly id: number; readonly model: LoadedModel }
  | { readonly kind: 'chat-delta'; readonly id: number; readonly text: string }
  | {
      readonly kind: 'chat-done';
      readonly id: number;
      readonly finishReason: FinishReason;
      readonly promptTokens: number;
      readonly completionTokens: number;
      readonly cachedPromptTokens: number;
      readonly firstTokenMs: number;
      readonly totalMs: number;
    }
  | { readonly kind: 'render-done'; readonly id: number; readonly prompt: RenderedPrompt }
  | { readonly kind: 'score-done'; readonly id: number; readonly scores: readonly TokenScore[] }
  | { readonly kind: 'tokenise-done'; readonly id: number; readonly tokens: readonly number[] }
  | { readonly kind: 'open-rows-done'; readonly id: number }
  | { readonly kind: 'encode-row-done'; readonly id: number; readonly row: EncodedRow }
  | { readonly kind: 'count-tokens-done'; readonly id: number; readonly counts: readonly number[] }
  | { readonly kind: 'threads-done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: ModelFailureCode; readonly detail: FailureDetail };

/** An expected failure inside the model process. */
export class ModelFailure extends Error {
  readonly code: ModelFailureCode;
  readonly detail: FailureDetail;

  constructor(code: ModelFailureCode, detail: FailureDetail = {}) {
    super(`${code} ${JSON.stringify(detail)}`);
    this.name = 'ModelFailure';
    this.code = code;
    this.detail = detail;
  }
}
