import { stat } from 'node:fs/promises';
import { Ollama as OllamaClient } from 'ollama';
import { ForgeError } from '#contract/errors.ts';
import type { OllamaStatus } from '#contract/serving.ts';
import type { ChatPiece } from '#core/ports/chat-provider.ts';
import type { Ollama, OllamaAnswer, OllamaChat, OllamaModelToCreate, OllamaProgress } from '#core/ports/ollama.ts';
import { OllamaRefusal, uploadBlob } from './blob-upload.ts';
import { ollamaAddress } from './ollama-address.ts';

/** Models from uploaded files by name (`files` in /api/create) exist since this version. */
export const minimumOllamaVersion = '0.5.5';

export interface OllamaOptions {
  /** Value of OLLAMA_HOST or of the setting; undefined means Ollama's own default. */
  readonly host?: string | undefined;
  readonly detectTimeoutMs?: number;
}

const defaultDetectTimeoutMs = 2_000;
/** Room for what is asked of a running Ollama besides answers and uploads. */
const shortCallMs = 30_000;
const answerMs = 10 * 60_000;

/** The Ollama of this machine (or wherever OLLAMA_HOST points). Nothing is asked before a method is called. */
export function createOllama({ host, detectTimeoutMs = defaultDetectTimeoutMs }: OllamaOptions = {}): Ollama {
  const address = ollamaAddress(host);
  const client = (signal: AbortSignal): OllamaClient =>
    new OllamaClient({
      host: address ?? '',
      fetch: (input, init) =>
        fetch(input, { ...init, signal: AbortSignal.any([signal, ...(init?.signal ? [init.signal] : [])]) }),
    });
  const short = (): OllamaClient => client(AbortSignal.timeout(shortCallMs));
  const asked = <T>(action: string, name: string, work: () => Promise<T>): Promise<T> =>
    work().catch((failure: unknown) => {
      throw translated(failure, { action, name, host: address ?? String(host) });
    });

  return {
    detect: () => detect(address, host, detectTimeoutMs),
    list: () =>
      asked('list', 'its models', async () => {
        const { models } = await short().list();
        return models.map(({ name, digest, size }) => ({ name, digest, sizeBytes: size }));
      }),
    create: async (model, options = {}) => {
      if (address === null) throw new ForgeError('serving.ollama-absent', { host: String(host) });
      return asked('create', model.name, () => createFromFile({ address, client }, model, options));
    },
    chat: (request, signal) =>
      asked('ask', request.model, () => {
        const within = AbortSignal.any([AbortSignal.timeout(answerMs), ...(signal ? [signal] : [])]);
        return chat(client(within), request);
      }),
    stream: (request, signal) => streamed({ client, host: address ?? String(host) }, request, signal),
    copy: (from, to) =>
      asked('copy', from, async () => {
        await short().copy({ source: from, destination: to });
      }),
    remove: (name) =>
      asked('remove', name, async () => {
        const { models } = await short().list();
        if (!models.some((model) => model.name === name)) return false;
        await short().delete({ model: name });
        return true;
      }),
  };
}

async function detect(address: string | null, host: string | undefined, timeoutMs: number): Promise<OllamaStatus> {
  if (address === null) return { state: 'absent', host: String(host), reason: 'OLLAMA_HOST is not an address' };
  try {
    const response = await fetch(`${address}/api/version`, { signal: AbortSignal.timeout(timeoutMs) });
    const { version } = (await response.json()) as { version?: unknown };
    if (!response.ok || typeof version !== 'string') {
      return { state: 'absent', host: address, reason: 'something else answers there' };
    }
    // 0.0.0 is what a build from source calls itself.
    const isOld = version !== '0.0.0' && isOlder(version, minimumOllamaVersion);
    return isOld
      ? { state: 'too-old', host: address, version, minimum: minimumOllamaVersion }
      : { state: 'running', host: address, version };
  } catch (failure) {
    const timedOut = failure instanceof DOMException && failure.name === 'TimeoutError';
    const notJson = failure instanceof SyntaxError;
    const reason = timedOut
      ? `no answer within ${timeoutMs / 1000} s`
      : notJson
        ? 'something else answers there'
        : 'nothing listens there';
    return { state: 'absent', host: address, reason };
  }
}

function isOlder(version: string, minimum: string): boolean {
  const parts = (text: string): number[] =>
    text
      .split(/[.-]/)
      .slice(0, 3)
      .map((part) => Number.parseInt(part, 10) || 0);
  const [given, least] = [parts(version), parts(minimum)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (given[index] ?? 0) - (least[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

async function createFromFile(
  { address, client }: { readonly address: string; readonly client: (signal: AbortSignal) => OllamaClient },
  { name, ggufPath, modelfile, contextTokens }: OllamaModelToCreate,
  {
    onProgress = () => undefined,
    signal = new AbortController().signal,
  }: { onProgress?: (progress: OllamaProgress) => void; signal?: AbortSignal },
): Promise<{ digest: string }> {
  const { size } = await stat(ggufPath);
  try {
    const digest = await uploadBlob({ address, path: ggufPath, onProgress, signal });
    onProgress({ phase: 'creating', fraction: null });
    const request = {
      model: name,
      // The client's typings lack this field of the API (docs/api.md of Ollama, "Create a model from a GGUF file").
      files: { 'model.gguf': digest },
      template: modelfile.template,
      ...(modelfile.system === null ? {} : { system: modelfile.system }),
      // Ollama's own default of 1.1 punishes repetition, which changes every answer, greedy ones too: what is served is what was measured.
      parameters: { stop: [...modelfile.stop], num_ctx: contextTokens, repeat_penalty: 1 },
      stream: false as const,
    };
    await client(signal).create(request);
    return { digest };
  } catch (failure) {
    const text = failure instanceof Error ? failure.message : '';
    if (!/no space left|disk full|not enough space/i.test(text)) throw failure;
    throw new ForgeError(
      'serving.ollama-disk-full',
      { name, neededMegabytes: Math.ceil(size / 1e6) },
      { cause: failure },
    );
  }
}

/** As Ollama's interface has it. */
function asAsked({ model, messages, maximumTokens, temperature, seed, threads }: OllamaChat) {
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    options: {
      num_predict: maximumTokens,
      temperature,
      seed,
      ...(threads === undefined ? {} : { num_thread: threads }),
    },
  };
}

/** An answer in pieces; leaving the loop ends the request. */
async function* streamed(
  { client, host }: { client: (signal: AbortSignal) => OllamaClient; host: string },
  request: OllamaChat,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatPiece> {
  const left = new AbortController();
  const within = AbortSignal.any([AbortSignal.timeout(answerMs), left.signal, ...(signal ? [signal] : [])]);
  try {
    for await (const part of await client(within).chat({ ...asAsked(request), stream: true })) {
      if (part.message.content !== '') yield { kind: 'delta', text: part.message.content };
      if (!part.done) continue;
      const { prompt_eval_count: promptTokens = 0, eval_count: completionTokens = 0 } = part;
      const finishReason = part.done_reason === 'length' ? 'length' : 'stop';
      yield { kind: 'done', finishReason, usage: { promptTokens, completionTokens, cachedPromptTokens: 0 } };
      return;
    }
    throw new ForgeError('serving.ollama-failed', {
      action: 'ask',
      name: request.model,
      reason: 'the answer was cut off',
    });
  } catch (failure) {
    throw translated(failure, { action: 'ask', name: request.model, host });
  } finally {
    left.abort();
  }
}

async function chat(client: OllamaClient, request: OllamaChat): Promise<OllamaAnswer> {
  const response = await client.chat({ ...asAsked(request), stream: false });
  return {
    text: response.message.content,
    promptTokens: response.prompt_eval_count,
    completionTokens: response.eval_count,
  };
}

function translated(failure: unknown, about: { action: string; name: string; host: string }): Error {
  if (failure instanceof ForgeError) return failure;
  if (!(failure instanceof Error)) return new Error(String(failure));
  const { action, name, host } = about;
  if (failure.name === 'AbortError') return new ForgeError('serving.cancelled', {}, { cause: failure });
  const isRefusal = failure instanceof OllamaRefusal || failure.name === 'ResponseError';
  const cause = (failure.cause as { code?: unknown } | undefined)?.code;
  if (!isRefusal && (cause === 'ECONNREFUSED' || cause === 'ENOTFOUND')) {
    return new ForgeError('serving.ollama-absent', { host }, { cause: failure });
  }
  const reason =
    cause === 'ECONNRESET' || cause === 'UND_ERR_SOCKET'
      ? 'it ended in the middle of the work'
      : failure.message.slice(0, 300);
  return new ForgeError('serving.ollama-failed', { action, name, reason }, { cause: failure });
}
