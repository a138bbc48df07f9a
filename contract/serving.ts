import { z } from 'zod';

/** The address of the OpenAI-compatible server unless told otherwise. */
export const defaultServingHost = '127.0.0.1';
export const defaultServingPort = 18793;

/** Bounds of what one chat request may carry; a longer one is refused before any work. */
export const servingLimits = {
  bodyBytes: 4 * 1024 * 1024,
  messages: 2_000,
  stopStrings: 16,
  stopCharacters: 200,
  maximumTokens: 131_072,
} as const;

export const chatRole = z.enum(['system', 'user', 'assistant']);
export type ChatRole = z.infer<typeof chatRole>;

export const chatMessage = z.object({ role: chatRole, content: z.string() });
export type ChatMessage = z.infer<typeof chatMessage>;

/**
 * One conversation to be answered. `temperature` 0 is greedy and repeatable whatever else the server does; above 0 the
 * same `seed` gives the same answer. `stopWhenJsonCloses` ends the answer at the closing brace of its first complete JSON object.
 */
export const chatRequest = z.object({
  messages: z.array(chatMessage).min(1).max(servingLimits.messages),
  maximumTokens: z.number().int().min(1).max(servingLimits.maximumTokens).optional(),
  temperature: z.number().min(0).max(2).default(0),
  topP: z.number().gt(0).max(1).default(1),
  seed: z.number().int().min(0).max(0xff_ff_ff_ff).optional(),
  stop: z.array(z.string().min(1).max(servingLimits.stopCharacters)).max(servingLimits.stopStrings).default([]),
  stopWhenJsonCloses: z.boolean().default(false),
});
/** What a caller writes: everything but the messages has a default. */
export type ChatRequest = z.input<typeof chatRequest>;
export type ParsedChatRequest = z.output<typeof chatRequest>;

/** Why an answer ended: `stop` = the model, a stop string or the closing brace; `length` = token limit or full context. */
export const finishReason = z.enum(['stop', 'length']);
export type FinishReason = z.infer<typeof finishReason>;

export const chatUsage = z.object({
  promptTokens: z.number().int().nonnegative(),
  completionTokens: z.number().int().nonnegative(),
  /** Prompt tokens whose state was still there from an earlier request. */
  cachedPromptTokens: z.number().int().nonnegative(),
});
export type ChatUsage = z.infer<typeof chatUsage>;

/** What an answer is made of: pieces of text, then exactly one `done`. */
export type ChatEvent =
  | { readonly kind: 'delta'; readonly text: string }
  | {
      readonly kind: 'done';
      readonly finishReason: FinishReason;
      readonly usage: ChatUsage;
      readonly seed: number;
      /** Milliseconds from the start of the work (after queueing) to the first token, and to the end. */
      readonly firstTokenMs: number;
      readonly totalMs: number;
    };

/** `exact`: text of messages can not become control tokens; `escaped`: the template changes its messages, so control words in them were broken up. */
export const contentGuard = z.enum(['exact', 'escaped']);
export type ContentGuard = z.infer<typeof contentGuard>;

/** One token of an answer as the model rates it: how much likelier its own first choice was, in natural logarithms; 0 = it was the first choice. */
export const tokenScore = z.object({ gapNats: z.number().nonnegative() });
export type TokenScore = z.infer<typeof tokenScore>;

export const loadedModel = z.object({
  path: z.string(),
  architecture: z.string(),
  contextTokens: z.number().int().positive(),
  trainedContextTokens: z.number().int().positive(),
  sequences: z.number().int().positive(),
  threads: z.number().int().positive(),
  sizeBytes: z.number().nonnegative(),
  chatTemplate: z.string(),
  bosText: z.string(),
  eosText: z.string(),
  /** True when the file wants its first token in front of every prompt. */
  addsBos: z.boolean(),
  loadMs: z.number().nonnegative(),
});
export type LoadedModel = z.infer<typeof loadedModel>;

export const modelServerStatus = z.object({
  state: z.enum(['idle', 'loading', 'ready', 'waiting-to-restart', 'closed']),
  model: loadedModel.nullable(),
  threads: z.number().int().positive(),
  running: z.number().int().nonnegative(),
  waiting: z.number().int().nonnegative(),
  crashes: z.number().int().nonnegative(),
  processId: z.number().int().nullable(),
});
export type ModelServerStatus = z.infer<typeof modelServerStatus>;

/** A name under which a model can be asked for: `name:v3`, `name:latest`. */
export const servedModelName = z
  .string()
  .max(200)
  .regex(
    /^[a-z0-9][a-z0-9._-]*(:[a-z0-9][a-z0-9._-]*)?$/i,
    'letters, digits, dot, dash and underscore, with one optional :tag',
  );

export const servedModel = z.object({
  name: servedModelName,
  path: z.string(),
  createdAtMs: z.number().nonnegative(),
  contextTokens: z.number().int().positive().optional(),
});
export type ServedModel = z.infer<typeof servedModel>;

export const ollamaStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running'), host: z.string(), version: z.string() }),
  z.object({ state: z.literal('too-old'), host: z.string(), version: z.string(), minimum: z.string() }),
  z.object({ state: z.literal('absent'), host: z.string(), reason: z.string() }),
]);
export type OllamaStatus = z.infer<typeof ollamaStatus>;

/** One prompt answered on both sides; `prompt` is the last user message. */
export const smokeComparison = z.object({
  prompt: z.string(),
  embeddedPromptTokens: z.number().int(),
  ollamaPromptTokens: z.number().int(),
  embeddedAnswer: z.string(),
  ollamaAnswer: z.string(),
  promptEqual: z.boolean(),
  answerEqual: z.boolean(),
  /** How much likelier, in natural logarithms, the embedded server's first choice was at the worst place of Ollama's answer; 0 when equal. */
  largestGapNats: z.number(),
  /** Equal, or different only where the embedded server finds both continuations almost equally likely. */
  answerAgrees: z.boolean(),
});
export type SmokeComparison = z.infer<typeof smokeComparison>;

export const smokeVerdict = z.object({
  passed: z.boolean(),
  total: z.number().int(),
  promptsEqual: z.number().int(),
  answersEqual: z.number().int(),
  answersAgreeing: z.number().int(),
  answersNeeded: z.number().int(),
  comparisons: z.array(smokeComparison),
});
export type SmokeVerdict = z.infer<typeof smokeVerdict>;

export const ollamaDeployment = z.object({
  names: z.array(z.string()),
  digest: z.string(),
  templateFamily: z.string(),
  verdict: smokeVerdict,
});
export type OllamaDeployment = z.infer<typeof ollamaDeployment>;
