import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { servingLimits } from '#contract/serving.ts';
import { FakeModelServer } from '#core/ports/fake-model-server.ts';
import { createOpenAiApp, startOpenAiServer } from './openai-server.ts';
import type { OpenAiRequestRecord } from './openai-routes.ts';
import { createServedModels } from './openai-served-models.ts';

const host = 'localhost:18793';
const hello = { model: 'tickets', messages: [{ role: 'user', content: 'hello there' }] };

async function appWith(server = new FakeModelServer(), options: { requiredKey?: () => Promise<string | null> } = {}) {
  const records: OpenAiRequestRecord[] = [];
  const bugs: unknown[] = [];
  const models = createServedModels({ startServer: () => server });
  await models.add([
    { name: 'tickets:v1', path: '/models/1.gguf', createdAtMs: 1_000 },
    { name: 'tickets:latest', path: '/models/1.gguf', createdAtMs: 1_000 },
  ]);
  const app = createOpenAiApp({
    models,
    ...options,
    onRequest: (record) => records.push(record),
    onBug: (_id, failure) => bugs.push(failure),
  });
  after(() => app.close());
  const post = (payload: unknown, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { host, 'content-type': 'application/json', ...headers },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  return { app, server, post, records, bugs };
}

const eventsOf = (body: string): unknown[] =>
  body
    .split('\n\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as unknown);

test('the models are listed, also one by one, and the server says that it is well', async () => {
  const { app } = await appWith();
  const get = async (url: string) => (await app.inject({ url, headers: { host } })).json() as unknown;
  const one = { id: 'tickets:v1', object: 'model', created: 1, owned_by: 'forge' };
  assert.deepEqual(await get('/v1/models'), { object: 'list', data: [{ ...one, id: 'tickets:latest' }, one] });
  assert.deepEqual(await get('/v1/models/tickets:v1'), one);
  assert.deepEqual(await get('/health'), { status: 'ok', models: 2 });
});

test('a conversation is answered in one body with its usage', async () => {
  const { post, server, records } = await appWith();
  const response = await post({ ...hello, temperature: 0, max_tokens: 9, seed: 5, stop: 'END' });
  const body = response.json<{ id: string; created: number }>();
  assert.deepEqual(body, {
    id: body.id,
    object: 'chat.completion',
    created: body.created,
    model: 'tickets',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'you said hello there', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 4, total_tokens: 5, prompt_tokens_details: { cached_tokens: 0 } },
  });
  assert.deepEqual(server.requests, [
    {
      messages: [{ role: 'user', content: 'hello there' }],
      temperature: 0,
      topP: 1,
      stop: ['END'],
      maximumTokens: 9,
      seed: 5,
    },
  ]);
  assert.deepEqual(
    records.map(({ status, stream, completionTokens }) => ({ status, stream, completionTokens })),
    [{ status: 200, stream: false, completionTokens: 4 }],
  );
});

test('a streamed answer is a row of events that ends with the usage and DONE', async () => {
  const { post } = await appWith();
  const response = await post({ ...hello, stream: true, stream_options: { include_usage: true } });
  const events = eventsOf(response.body) as {
    choices: { delta: { content?: string }; finish_reason: string | null }[];
    usage: unknown;
  }[];
  assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.ok(response.body.endsWith('data: [DONE]\n\n'));
  assert.deepEqual(
    events.map(({ choices, usage }) => [choices[0]?.delta.content, choices[0]?.finish_reason, usage !== null]),
    [
      ['', null, false],
      ['you ', null, false],
      ['said ', null, false],
      ['hello ', null, false],
      ['there', null, false],
      [undefined, 'stop', false],
      [undefined, undefined, true],
    ],
  );
});

const refusals: [name: string, payload: unknown, status: number, param: string | null, code: string][] = [
  ['an unknown model', { ...hello, model: 'nobody' }, 404, 'model', 'model_not_found'],
  ['a body that is no JSON', '{"model":', 400, null, 'invalid_json'],
  ['a body that is a list', '[]', 400, null, 'invalid_body'],
  ['no messages', { model: 'tickets', messages: [] }, 400, 'messages', 'invalid_value'],
  ['two answers', { ...hello, n: 2 }, 400, 'n', 'unsupported_parameter'],
  [
    'a forced format',
    { ...hello, response_format: { type: 'json_object' } },
    400,
    'response_format',
    'unsupported_parameter',
  ],
  ['tools', { ...hello, tools: [{ type: 'function' }] }, 400, 'tools', 'unsupported_parameter'],
  [
    'an unknown role',
    { model: 'tickets', messages: [{ role: 'tool', content: 'x' }] },
    400,
    'messages[0].role',
    'invalid_value',
  ],
  [
    'an image',
    { model: 'tickets', messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
    400,
    'messages[0].content',
    'invalid_value',
  ],
  ['a temperature of 3', { ...hello, temperature: 3 }, 400, 'temperature', 'invalid_value'],
  ['a prototype', '{"__proto__": {"x": 1}, "model": "tickets"}', 400, null, 'invalid_json'],
];
for (const [name, payload, status, param, code] of refusals) {
  test(`${name} is refused with ${status} and ${code}`, async () => {
    const { post, server } = await appWith();
    const response = await post(payload);
    const { error } = response.json<{ error: { message: string; type: string; param: unknown; code: unknown } }>();
    assert.deepEqual({ status: response.statusCode, param: error.param, code: error.code }, { status, param, code });
    assert.match(error.message, /\.$/);
    assert.equal(error.type, 'invalid_request_error');
    assert.equal(server.requests.length, 0);
  });
}

test('text in parts is put together', async () => {
  const { post, server } = await appWith();
  const content = [
    { type: 'text', text: 'hello ' },
    { type: 'text', text: 'there' },
  ];
  await post({ model: 'tickets:v1', messages: [{ role: 'developer', content }] });
  assert.deepEqual(server.requests[0]?.messages, [{ role: 'system', content: 'hello there' }]);
});

test('a body over the limit, another content type and another path have the same shape of error', async () => {
  const { app, post } = await appWith();
  const code = (response: { json: <T>() => T; statusCode: number }) => [
    response.statusCode,
    response.json<{ error: { code: string } }>().error.code,
  ];
  assert.deepEqual(code(await post(`"${'x'.repeat(servingLimits.bodyBytes)}"`)), [413, 'body_too_large']);
  assert.deepEqual(code(await post('x', { 'content-type': 'text/plain' })), [415, 'invalid_content_type']);
  assert.deepEqual(code(await app.inject({ url: '/v1/embeddings', headers: { host } })), [404, 'unknown_url']);
});

test('a foreign Host is refused before anything is read', async () => {
  const { app } = await appWith();
  const statuses = await Promise.all(
    ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '127.0.0.1:18793', 'LOCALHOST', '[::1]:5'].map(
      async (name) => (await app.inject({ url: '/health', headers: { host: name } })).statusCode,
    ),
  );
  assert.deepEqual(statuses, [403, 403, 403, 200, 200, 200]);
});

test('while a key is required only the right key gets in, and a change of it holds at once', async () => {
  let key: string | null = 'secret';
  const { app } = await appWith(undefined, { requiredKey: () => Promise.resolve(key) });
  const status = async (authorization?: string) =>
    (await app.inject({ url: '/v1/models', headers: { host, ...(authorization ? { authorization } : {}) } }))
      .statusCode;
  assert.deepEqual([await status(), await status('Bearer wrong'), await status('Bearer secret')], [401, 401, 200]);
  key = 'another';
  assert.deepEqual([await status('Bearer secret'), await status('Bearer another')], [401, 200]);
  key = null;
  assert.equal(await status(), 200);
});

test('what was refused is a line of the request log too, without what was sent', async () => {
  const { post, records } = await appWith(undefined, { requiredKey: () => Promise.resolve('secret') });
  const authorization = 'Bearer secret';
  await post(hello, { authorization: 'Bearer stolen' });
  await post({ ...hello, model: 'nobody' }, { authorization });
  await post({ ...hello, model: 'x'.repeat(5_000), stream: true }, { authorization });
  await post('{"model":', { authorization });
  await post(hello, { authorization });
  assert.deepEqual(
    records.map(({ status, model, failure }) => [status, model.slice(0, 10), failure]),
    [
      [401, '', 'invalid_api_key'],
      [404, 'nobody', 'model_not_found'],
      [400, 'xxxxxxxxxx', 'invalid_value'],
      [400, '', 'invalid_json'],
      [200, 'tickets', null],
    ],
  );
  assert.ok(records.every(({ model }) => model.length <= 200));
  assert.doesNotMatch(JSON.stringify(records), /hello there|stolen|secret/);
});

test('a full queue is 429 with the time after which to come again, streamed or not', async () => {
  const busy = new FakeModelServer(() => {
    throw new ForgeError('serving.busy', { running: 4, waiting: 32, retryAfterSeconds: 7 });
  });
  const { post } = await appWith(busy);
  for (const stream of [false, true]) {
    const response = await post({ ...hello, stream });
    assert.deepEqual([response.statusCode, response.headers['retry-after']], [429, '7']);
  }
});

test('a failure in the middle of a stream is its last event', async () => {
  let words = 0;
  const breaking = new FakeModelServer(undefined, () =>
    ++words > 2 ? Promise.reject(new ForgeError('serving.crashed', { reason: 'signal SIGKILL' })) : Promise.resolve(),
  );
  const { post } = await appWith(breaking);
  const events = eventsOf((await post({ ...hello, stream: true })).body) as { error?: { code: string } }[];
  assert.deepEqual(events.at(-1)?.error?.code, 'server_restarting');
});

test('a bug says nothing about the inside', async () => {
  const { post, bugs } = await appWith(
    new FakeModelServer(() => {
      throw new TypeError('secret /home/someone');
    }),
  );
  const response = await post(hello);
  assert.equal(response.statusCode, 500);
  assert.doesNotMatch(response.body, /secret/);
  assert.equal(bugs.length, 1);
});

test('a client that hangs up cancels the answer', async () => {
  const server = new FakeModelServer(
    () => 'word '.repeat(1000),
    () => new Promise((resolve) => setTimeout(resolve, 5)),
  );
  const models = createServedModels({ startServer: () => server });
  await models.add([{ name: 'tickets:latest', path: '/models/1.gguf', createdAtMs: 0 }]);
  const running = await startOpenAiServer({ models, port: 0 });
  try {
    const control = new AbortController();
    const response = await fetch(`${running.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...hello, stream: true }),
      signal: control.signal,
    });
    await response.body?.getReader().read();
    control.abort();
    const atMs = performance.now();
    while (server.cancelled === 0 && performance.now() - atMs < 1_000)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(server.cancelled, 1);
    assert.ok(performance.now() - atMs < 100, `${performance.now() - atMs} ms`);
    await assert.rejects(startOpenAiServer({ models, port: running.port }), { code: 'engine.port-taken' });
  } finally {
    await running.close();
  }
});
