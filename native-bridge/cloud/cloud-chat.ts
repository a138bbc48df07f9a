import type { LanguageModel, TextStreamPart, ToolSet } from 'ai';
import { setTimeout as wait } from 'node:timers/promises';
import { ForgeError } from '#contract/errors.ts';
import type { ChatUsage } from '#contract/serving.ts';
import type { ChatPiece, ChatPrompt, ChatProvider } from '#core/ports/chat-provider.ts';
import type { CloudConnection } from '#core/ports/cloud.ts';
import { messageIn, networkError, readRetryAfter, reasonOf, refusalError } from './cloud-failure.ts';
import { loadCloudModel, providerOptions } from './load-cloud-model.ts';
import { Silence, watchSilence, type CloudPatience } from './watch-silence.ts';

export interface CloudChatOptions {
  readonly connection: CloudConnection;
  readonly model: string;
  readonly fetch: typeof globalThis.fetch;
  readonly patience: CloudPatience;
}

interface LoadedChat extends CloudChatOptions {
  readonly sdk: typeof import('ai');
  readonly languageModel: LanguageModel;
}

/** No language needs more; beyond it a provider ignores the limit it was given. */
const charactersPerTokenAtMost = 24;
/** For limits of a few tokens, where a single long word would be taken for disobedience. */
const alwaysAllowedCharacters = 4_000;

/**
 * One model of a provider. A refusal that may pass (429, 5xx) before the first word is tried once more. The code is loaded here, so that the time to
 * the first token is the provider's alone.
 */
export async function createCloudChat(given: CloudChatOptions): Promise<ChatProvider> {
  const sdk = await loadSdk();
  const languageModel = await loadCloudModel(given.connection, given.model, given.fetch);
  const options: LoadedChat = { ...given, sdk, languageModel };
  return {
    async *chat(prompt, signal) {
      for (let isLastTry = false; ; isLastTry = true) {
        let hasBegun = false;
        try {
          for await (const piece of answer(options, prompt, signal)) {
            hasBegun = true;
            yield piece;
          }
          return;
        } catch (error) {
          signal.throwIfAborted();
          const waitMs = hasBegun || isLastTry ? null : retryDelayMs(error, options);
          if (waitMs === null) throw failureOf(error, options, hasBegun);
          await wait(waitMs, undefined, { signal });
        }
      }
    },
  };
}

async function* answer(
  { connection, patience, sdk, languageModel }: LoadedChat,
  prompt: ChatPrompt,
  signal: AbortSignal,
): AsyncGenerator<ChatPiece> {
  const watch = watchSilence(patience);
  const ended = new AbortController();
  const { stream } = sdk.streamText({
    model: languageModel,
    ...asSent(prompt),
    temperature: prompt.temperature,
    maxOutputTokens: prompt.maximumTokens,
    maxRetries: 0,
    providerOptions,
    telemetry: { isEnabled: false, recordInputs: false, recordOutputs: false },
    abortSignal: AbortSignal.any([signal, watch.signal, ended.signal]),
    // The default writes errors, prompts with them, to the console.
    onError: () => undefined,
  });
  let characters = 0;
  const limit = Math.max(alwaysAllowedCharacters, prompt.maximumTokens * charactersPerTokenAtMost);
  try {
    for await (const part of stream) {
      const piece = pieceOf(part, watch);
      if (piece === null) continue;
      characters += piece.kind === 'delta' ? piece.text.length : 0;
      if (characters > limit)
        throw new ForgeError('provider.endless', { provider: connection.name, maximumTokens: prompt.maximumTokens });
      if (piece.kind === 'done' && characters === 0 && piece.finishReason === 'length')
        throw new ForgeError('provider.only-thought', {
          provider: connection.name,
          maximumTokens: prompt.maximumTokens,
        });
      yield piece;
      if (piece.kind === 'done') return;
    }
    // An aborted stream ends without a word; the reason is in its signal.
    watch.signal.throwIfAborted();
    signal.throwIfAborted();
    throw new ForgeError('provider.cut-off', { provider: connection.name });
  } finally {
    watch.dispose();
    ended.abort();
  }
}

/** The system message has a place of its own in the package. */
function asSent({ messages }: ChatPrompt) {
  const instructions = messages
    .filter(({ role }) => role === 'system')
    .map(({ content }) => content)
    .join('\n\n');
  const rest = messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }]));
  return { ...(instructions === '' ? {} : { instructions }), messages: rest };
}

/** What of the stream is the answer. Thinking is heard, so that a model that thinks long is not given up, but not shown. */
function pieceOf(part: TextStreamPart<ToolSet>, watch: { heard(): void }): ChatPiece | null {
  switch (part.type) {
    case 'text-delta':
    case 'reasoning-delta':
      watch.heard();
      return part.type === 'text-delta' && part.text !== '' ? { kind: 'delta', text: part.text } : null;
    case 'error':
      throw part.error;
    case 'finish':
      // A stream that ends without the provider's own last word was cut off, though the connection ended well.
      if (part.finishReason === 'other' || part.finishReason === 'error') return null;
      return {
        kind: 'done',
        finishReason: part.finishReason === 'length' ? 'length' : 'stop',
        usage: usageOf(part.totalUsage),
      };
    default:
      return null;
  }
}

type FinishPart = Extract<TextStreamPart<ToolSet>, { type: 'finish' }>;

function usageOf({ inputTokens, outputTokens, inputTokenDetails }: FinishPart['totalUsage']): ChatUsage | null {
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const count = (tokens: number | undefined): number => Math.max(0, Math.round(tokens ?? 0)) || 0;
  return {
    promptTokens: count(inputTokens),
    completionTokens: count(outputTokens),
    cachedPromptTokens: count(inputTokenDetails.cacheReadTokens),
  };
}

/** Loaded with the first answer. Its warnings would go to the console and may quote settings. */
async function loadSdk(): Promise<typeof import('ai')> {
  globalThis.AI_SDK_LOG_WARNINGS = false;
  return import('ai');
}

/** How long to wait before the one more try; null when trying again is no use or the provider wants too long a wait. */
function retryDelayMs(error: unknown, { patience, sdk: { APICallError } }: LoadedChat): number | null {
  const { retryMs, longestWaitMs } = patience;
  if (!APICallError.isInstance(error)) return null;
  const status = error.statusCode ?? 0;
  if (status !== 429 && status < 500) return null;
  const asked = readRetryAfter(error.responseHeaders?.['retry-after'], Date.now());
  const delayMs = asked === null ? retryMs : asked * 1000;
  return delayMs > longestWaitMs ? null : delayMs;
}

function failureOf(
  error: unknown,
  { connection, model, sdk: { APICallError } }: LoadedChat,
  hasBegun: boolean,
): ForgeError {
  const provider = connection.name;
  const causes = causesOf(error);
  const silence = causes.find((cause) => cause instanceof Silence);
  if (silence !== undefined)
    return new ForgeError('provider.too-slow', { provider, seconds: silence.seconds }, { cause: error });
  const own = causes.find((cause) => cause instanceof ForgeError);
  if (own !== undefined) return networkError(own, provider, hasBegun) ?? own;
  const refused = causes.find((cause) => APICallError.isInstance(cause));
  const status = refused?.statusCode ?? 0;
  if (refused !== undefined && status >= 300) {
    const text = messageIn(refused.responseBody ?? '') || refused.message;
    const retryAfterSeconds = readRetryAfter(refused.responseHeaders?.['retry-after'], Date.now());
    return refusalError({ status, text, retryAfterSeconds }, { ...connection, model }, error);
  }
  if (hasBegun) return new ForgeError('provider.cut-off', { provider }, { cause: error });
  const reason = reasonOf(error instanceof Error ? error.message : '', 'it sent something that is no answer');
  return new ForgeError('provider.down', { provider, reason }, { cause: error });
}

/** The packages wrap what went wrong; the first thing inside that is known says it. */
function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let cause = error; cause !== undefined && cause !== null && causes.length < 8;) {
    causes.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}
