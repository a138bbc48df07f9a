import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { serveBaseModel } from './serve-base-model.ts';

let served: Awaited<ReturnType<typeof serveBaseModel>>;
let client: OpenAI;
const messages = [{ role: 'user' as const, content: 'Name three colours.' }];

before(async () => {
  served = await serveBaseModel();
  client = new OpenAI({ baseURL: served.baseUrl, apiKey: 'not needed', maxRetries: 0 });
});
after(() => served.close());

test('the official JavaScript client lists the models', async () => {
  const names = (await client.models.list()).data.map(({ id }) => id);
  assert.deepEqual(names, ['smol:latest', 'smol:v1']);
  assert.equal((await client.models.retrieve('smol:v1')).owned_by, 'forge');
});

test('it gets an answer in one piece and the same one streamed, with usage', async () => {
  const common = { model: 'smol', messages, temperature: 0, max_tokens: 24 };
  const whole = await client.chat.completions.create(common);
  let streamed = '';
  let usage: unknown = null;
  for await (const chunk of await client.chat.completions.create({
    ...common,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    streamed += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.ok(streamed.length > 0);
  assert.equal(streamed, whole.choices[0]?.message.content);
  const counts = ({ prompt_tokens, completion_tokens }: { prompt_tokens: number; completion_tokens: number }) => [
    prompt_tokens,
    completion_tokens,
  ];
  assert.deepEqual(counts(usage as OpenAI.CompletionUsage), counts(whole.usage as OpenAI.CompletionUsage));
});

test('aborting its stream frees the server', async () => {
  const stream = await client.chat.completions.create({
    model: 'smol',
    messages,
    max_tokens: 800,
    temperature: 1,
    stream: true,
  });
  let pieces = 0;
  for await (const chunk of stream) if (chunk.choices.length > 0 && ++pieces === 4) stream.controller.abort();
  const atMs = performance.now();
  while (served.running() > 0 && performance.now() - atMs < 5_000)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(served.running(), 0, `still running after ${performance.now() - atMs} ms`);
});

test('its typed errors come out: unknown model, bad request, too long a prompt', async () => {
  const create = (rest: object) => client.chat.completions.create({ model: 'smol', messages, ...rest });
  await assert.rejects(create({ model: 'nobody' }), OpenAI.NotFoundError);
  await assert.rejects(create({ n: 3 }), OpenAI.BadRequestError);
  const long = [{ role: 'user', content: 'word '.repeat(4_000) }];
  await assert.rejects(
    create({ messages: long }),
    (error) => error instanceof OpenAI.BadRequestError && error.code === 'context_length_exceeded',
  );
});
