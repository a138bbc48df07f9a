import type { ChatEvent, ChatUsage, FinishReason, ServedModel } from '#contract/serving.ts';

/** What stays the same over all parts of one answer. */
export interface AnswerIdentity {
  /** `chatcmpl-` and something unique. */
  readonly id: string;
  readonly model: string;
  readonly createdAtSeconds: number;
}

const usageOf = ({ promptTokens, completionTokens, cachedPromptTokens }: ChatUsage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: cachedPromptTokens },
});

/** The body of an answer that is not streamed. */
export function toChatCompletion(identity: AnswerIdentity, text: string, done: Extract<ChatEvent, { kind: 'done' }>) {
  return {
    id: identity.id,
    object: 'chat.completion',
    created: identity.createdAtSeconds,
    model: identity.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: done.finishReason,
      },
    ],
    usage: usageOf(done.usage),
  };
}

interface ChunkDelta {
  readonly role?: 'assistant';
  readonly content?: string;
}

/** Makes the chunks of one streamed answer. With `includeUsage` every chunk has a `usage`, filled in the last one only. */
export function chatChunks(identity: AnswerIdentity, includeUsage: boolean) {
  const chunk = (choices: readonly unknown[], usage: ReturnType<typeof usageOf> | null) => ({
    id: identity.id,
    object: 'chat.completion.chunk',
    created: identity.createdAtSeconds,
    model: identity.model,
    choices,
    ...(includeUsage ? { usage } : {}),
  });
  const choice = (delta: ChunkDelta, finishReason: FinishReason | null) => [
    { index: 0, delta, logprobs: null, finish_reason: finishReason },
  ];
  return {
    first: () => chunk(choice({ role: 'assistant', content: '' }, null), null),
    text: (content: string) => chunk(choice({ content }, null), null),
    last: (finishReason: FinishReason) => chunk(choice({}, finishReason), null),
    usage: (usage: ChatUsage) => chunk([], usageOf(usage)),
  };
}

/** One server-sent event. JSON never holds a raw newline, so one line is enough. */
export const toServerSentEvent = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
export const endOfStream = 'data: [DONE]\n\n';

export function toModelList(models: readonly ServedModel[]) {
  return { object: 'list', data: models.map(toModel) };
}

export function toModel(model: ServedModel) {
  return { id: model.name, object: 'model', created: Math.floor(model.createdAtMs / 1000), owned_by: 'forge' };
}
