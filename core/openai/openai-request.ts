import { z } from 'zod';
import { servingLimits, type ChatMessage, type ChatRequest } from '#contract/serving.ts';
import { OpenAiFailure } from './openai-error.ts';

/** Source of the shapes: OpenAI's API reference, "Create chat completion". Unknown fields are let through unread, as there. */
const textPart = z.object({ type: z.literal('text'), text: z.string() });
const content = z.union([z.string(), z.array(textPart)]);
const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([content, z.null()]),
});
const stop = z.string().min(1).max(servingLimits.stopCharacters);

const body = z.object({
  model: z.string().min(1).max(200),
  messages: z.array(message).min(1).max(servingLimits.messages),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  stop: z.union([stop, z.array(stop).max(servingLimits.stopStrings)]).nullish(),
  seed: z.number().int().nullish(),
  n: z.number().int().nullish(),
});

export interface OpenAiChat {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly request: ChatRequest;
}

/** OpenAI's own default. */
const defaultTemperature = 1;

/**
 * Reads the body of `POST /v1/chat/completions`.
 * @throws OpenAiFailure (400) that names the field, also for what OpenAI knows and this server can not do.
 */
export function readChatBody(input: unknown): OpenAiChat {
  refuseUnsupported(input);
  const parsed = body.safeParse(input);
  if (!parsed.success) throw failureOf(parsed.error);
  const { model, stream, stream_options, messages, temperature, top_p, seed } = parsed.data;
  const maximumTokens = parsed.data.max_completion_tokens ?? parsed.data.max_tokens;
  return {
    model,
    stream: stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
    request: {
      messages: messages.map(toChatMessage),
      temperature: temperature ?? defaultTemperature,
      // 0 is allowed by OpenAI and means: only the most likely token. The smallest share that is not nothing does just that.
      topP: Math.max(top_p ?? 1, 1e-6),
      stop: typeof parsed.data.stop === 'string' ? [parsed.data.stop] : (parsed.data.stop ?? []),
      ...(maximumTokens == null ? {} : { maximumTokens: Math.min(maximumTokens, servingLimits.maximumTokens) }),
      // JavaScript's `>>> 0` keeps the low 32 bits, so every integer is a seed, negative ones too.
      ...(seed == null ? {} : { seed: seed >>> 0 }),
    },
  };
}

function toChatMessage({ role, content: given }: z.output<typeof message>): ChatMessage {
  const text = typeof given === 'string' ? given : (given ?? []).map((part) => part.text).join('');
  return { role: role === 'developer' ? 'system' : role, content: text };
}

/** What would silently give another result than asked for is refused, with the reason. */
function refuseUnsupported(input: unknown): void {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new OpenAiFailure(400, { message: 'The body must be one JSON object.', code: 'invalid_body' });
  }
  const given = input as Readonly<Record<string, unknown>>;
  const refuse = (param: string, message: string): never => {
    throw new OpenAiFailure(400, { message, param, code: 'unsupported_parameter' });
  };
  if (given['n'] != null && given['n'] !== 1)
    refuse('n', 'This server gives one answer for each request: n must be 1.');
  if (isFilledArray(given['tools']) || isFilledArray(given['functions']))
    refuse('tools', 'This server does not call tools.');
  if (given['logprobs'] === true) refuse('logprobs', 'This server does not give log probabilities.');
  for (const name of ['presence_penalty', 'frequency_penalty']) {
    if (given[name] != null && given[name] !== 0) refuse(name, `This server does not know ${name}.`);
  }
  const format = (given['response_format'] as { type?: unknown } | null | undefined)?.type;
  if (format !== undefined && format !== 'text') {
    refuse('response_format', `This server does not force an answer into ${String(format)}: ask for it in the prompt.`);
  }
}

const isFilledArray = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

function failureOf(error: z.ZodError): OpenAiFailure {
  const [issue] = error.issues;
  const param =
    issue?.path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, '') ?? '';
  if (/^messages\[\d+\]\.content/.test(param)) {
    const message = 'A message must be a string or a list of text parts: images, audio and files are not understood.';
    return new OpenAiFailure(400, { message, param, code: 'invalid_value' });
  }
  return new OpenAiFailure(400, {
    message: `${param || 'The body'}: ${issue?.message ?? 'not valid'}.`,
    param,
    code: 'invalid_value',
  });
}
