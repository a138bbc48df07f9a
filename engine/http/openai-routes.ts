import { randomUUID, timingSafeEqual, createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servingLimits, type ChatEvent } from '#contract/serving.ts';
import { isAllowedHost, isOwnAddress } from '#core/openai/host-allow-list.ts';
import { OpenAiFailure, toOpenAiFailure } from '#core/openai/openai-error.ts';
import { readChatBody, type OpenAiChat } from '#core/openai/openai-request.ts';
import {
  chatChunks,
  endOfStream,
  toChatCompletion,
  toModel,
  toModelList,
  toServerSentEvent,
  type AnswerIdentity,
} from '#core/openai/openai-response.ts';
import type { ServedModels } from './openai-served-models.ts';

/** One line of the request log. Never holds a prompt or an answer. */
export interface OpenAiRequestRecord {
  readonly id: string;
  readonly model: string;
  readonly status: number;
  readonly stream: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalMs: number;
  readonly failure: string | null;
}

export interface OpenAiRoutesOptions {
  readonly models: Pick<ServedModels, 'list' | 'find' | 'chat'>;
  /** Asked at each request, so that a change holds at once: when it gives a key, every request but `/health` needs it as `Authorization: Bearer`. */
  readonly requiredKey?: () => Promise<string | null>;
  /** Names besides the loopback ones under which the server may be called. */
  readonly allowedHosts?: readonly string[];
  /** Called for what is a bug: the id is in the answer to the client. */
  readonly onBug?: (correlationId: string, failure: unknown) => void;
  readonly onRequest?: (record: OpenAiRequestRecord) => void;
}

/** Adds the OpenAI-compatible surface to a Fastify server (made with `bodyLimit: servingLimits.bodyBytes`). */
export function registerOpenAiRoutes(app: FastifyInstance, options: OpenAiRoutesOptions): void {
  void app.register((scope, _options, done) => {
    // A page of another site can send text/plain without asking first; only JSON is read.
    scope.removeContentTypeParser('text/plain');
    addDoor(scope, options);
    addErrors(scope, options);
    scope.get('/health', async () => ({ status: 'ok', models: (await options.models.list()).length }));
    scope.get('/v1/models', async () => toModelList(await options.models.list()));
    // Model names hold a colon, which a route pattern can not: the whole rest of the path is the name.
    scope.get<{ Params: { '*': string } }>('/v1/models/*', async ({ params }) => {
      const model = await options.models.find(params['*']);
      if (!model) throw unknownModel(params['*']);
      return toModel(model);
    });
    scope.post(chatPath, { bodyLimit: servingLimits.bodyBytes }, (request, reply) => chat(request, reply, options));
    done();
  });
}

const chatPath = '/v1/chat/completions';
/** Longest name of a model in the request log; a client may send anything. */
const recordedNameCharacters = 200;
/** Requests that have their line in the log. */
const reported = new WeakSet<FastifyRequest>();

const unknownModel = (model: string): OpenAiFailure =>
  new OpenAiFailure(404, { message: `There is no model called ${model}.`, param: 'model', code: 'model_not_found' });

function addDoor(scope: FastifyInstance, options: OpenAiRoutesOptions): void {
  scope.addHook('onRequest', async (request) => {
    const refused = await refusal(request, options);
    if (refused) throw refused;
  });
}

async function refusal(
  { headers, url, socket }: FastifyRequest,
  { allowedHosts, requiredKey }: OpenAiRoutesOptions,
): Promise<OpenAiFailure | null> {
  if (!isAllowedHost(headers.host, allowedHosts) && !isOwnAddress(headers.host, socket.localAddress)) {
    const message = 'This server answers under the names of this machine only.';
    return new OpenAiFailure(403, { message, code: 'host_not_allowed' });
  }
  if (url === '/health') return null;
  const key = (await requiredKey?.()) ?? null;
  if (key === null) return null;
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(key))) return null;
  return new OpenAiFailure(401, { message: 'The API key is missing or wrong.', code: 'invalid_api_key' });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function addErrors(scope: FastifyInstance, options: OpenAiRoutesOptions): void {
  scope.setErrorHandler((failure, request, reply) => {
    recordRefusal(request, failure, options);
    return sendFailure(reply, failure, options);
  });
  scope.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url.split('?')[0]} here.`;
    return sendFailure(reply, new OpenAiFailure(404, { message, code: 'unknown_url' }), options);
  });
}

/** What was refused before an answer began (no key, no such model, a body that cannot be read) is a line of the request log as well. */
function recordRefusal(request: FastifyRequest, failure: unknown, { onRequest }: OpenAiRoutesOptions): void {
  if (reported.has(request) || request.method !== 'POST' || request.url.split('?')[0] !== chatPath) return;
  const { status, body } = fastifyFailure(failure) ?? toOpenAiFailure(failure, request.id);
  const { model, stream } = (request.body ?? {}) as { model?: unknown; stream?: unknown };
  onRequest?.({
    id: `refused-${randomUUID()}`,
    model: typeof model === 'string' ? model.slice(0, recordedNameCharacters) : '',
    status,
    stream: stream === true,
    promptTokens: 0,
    completionTokens: 0,
    totalMs: 0,
    failure: body.error.code,
  });
}

function sendFailure(reply: FastifyReply, failure: unknown, options: OpenAiRoutesOptions): FastifyReply {
  const { status, body, retryAfterSeconds } = understood(failure, options);
  if (retryAfterSeconds !== null) void reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).type('application/json').send(body);
}

function understood(failure: unknown, options: OpenAiRoutesOptions): OpenAiFailure {
  const fromFastify = fastifyFailure(failure);
  if (fromFastify) return fromFastify;
  const correlationId = randomUUID();
  const translated = toOpenAiFailure(failure, correlationId);
  if (translated.status === 500) options.onBug?.(correlationId, failure);
  return translated;
}

/** What Fastify itself refuses before a route sees it. */
function fastifyFailure(failure: unknown): OpenAiFailure | null {
  const { code, statusCode } = failure as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const message = `The body is larger than ${servingLimits.bodyBytes / 1024 / 1024} MB.`;
    return new OpenAiFailure(413, { message, code: 'body_too_large' });
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new OpenAiFailure(415, { message: 'The body must be application/json.', code: 'invalid_content_type' });
  }
  const badJson = failure instanceof SyntaxError || (typeof code === 'string' && code.startsWith('FST_ERR_CTP'));
  if (badJson && statusCode === 400)
    return new OpenAiFailure(400, { message: 'The body is not valid JSON.', code: 'invalid_json' });
  return null;
}

async function chat(request: FastifyRequest, reply: FastifyReply, options: OpenAiRoutesOptions): Promise<unknown> {
  const body = readChatBody(request.body);
  if (!(await options.models.find(body.model))) throw unknownModel(body.model);
  reported.add(request);
  const control = new AbortController();
  reply.raw.once('close', () => control.abort());
  const identity: AnswerIdentity = {
    id: `chatcmpl-${randomUUID()}`,
    model: body.model,
    createdAtSeconds: Math.floor(Date.now() / 1000),
  };
  const events = recorded(options.models.chat(body.model, body.request, control.signal), { identity, body, options });
  return body.stream ? sendStream(reply, { events, identity, body, options }) : collect(events, identity);
}

async function collect(events: AsyncIterable<ChatEvent>, identity: AnswerIdentity): Promise<unknown> {
  let text = '';
  for await (const event of events) {
    if (event.kind === 'done') return toChatCompletion(identity, text, event);
    text += event.text;
  }
  throw new Error('The answer had no end.');
}

interface StreamedAnswer {
  readonly events: AsyncIterable<ChatEvent>;
  readonly identity: AnswerIdentity;
  readonly body: OpenAiChat;
  readonly options: OpenAiRoutesOptions;
}

/** The status line is sent with the first piece, so what fails before it (queue full, prompt too long) is an ordinary error answer. */
async function sendStream(
  reply: FastifyReply,
  { events, identity, body, options }: StreamedAnswer,
): Promise<FastifyReply> {
  const chunks = chatChunks(identity, body.includeUsage);
  const pieces = events[Symbol.asyncIterator]();
  let next = await pieces.next();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    connection: 'keep-alive',
  });
  const write = (data: unknown): Promise<void> => writeAll(raw, toServerSentEvent(data));
  try {
    await write(chunks.first());
    for (; !next.done; next = await pieces.next()) {
      const event = next.value;
      if (event.kind === 'delta') await write(chunks.text(event.text));
      else {
        await write(chunks.last(event.finishReason));
        if (body.includeUsage) await write(chunks.usage(event.usage));
      }
    }
    await writeAll(raw, endOfStream);
  } catch (failure) {
    // The status is gone already: the failure is the last event, as OpenAI does it.
    if (!raw.destroyed) await write(understood(failure, options).body);
  } finally {
    await pieces.return?.();
    raw.end();
  }
  return reply;
}

/** Waits while a slow client's buffer is full; a client that is gone ends the wait. */
function writeAll(raw: FastifyReply['raw'], text: string): Promise<void> {
  if (raw.destroyed || raw.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    const go = (): void => {
      raw.off('drain', go);
      raw.off('close', go);
      resolve();
    };
    raw.once('drain', go);
    raw.once('close', go);
  });
}

/** Passes an answer on and reports one line about it at the end. */
async function* recorded(
  events: AsyncIterable<ChatEvent>,
  { identity, body, options }: Omit<StreamedAnswer, 'events'>,
): AsyncGenerator<ChatEvent, void, void> {
  const startedMs = performance.now();
  let usage = { promptTokens: 0, completionTokens: 0 };
  let outcome: Pick<OpenAiRequestRecord, 'status' | 'failure'> = { status: 499, failure: 'cancelled' };
  try {
    for await (const event of events) {
      if (event.kind === 'done') {
        usage = event.usage;
        outcome = { status: 200, failure: null };
      }
      yield event;
    }
  } catch (failure) {
    const { status, body: told } = toOpenAiFailure(failure, identity.id);
    outcome = { status, failure: told.error.code };
    throw failure;
  } finally {
    const { promptTokens, completionTokens } = usage;
    const totalMs = Math.round(performance.now() - startedMs);
    options.onRequest?.({
      id: identity.id,
      model: body.model,
      stream: body.stream,
      promptTokens,
      completionTokens,
      totalMs,
      ...outcome,
    });
  }
}
