import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { ChatEvent } from '#contract/serving.ts';
import { FakeModelServer } from '#core/ports/fake-model-server.ts';
import { createServedModels } from './openai-served-models.ts';

const model = (name: string, path = `/models/${name}.gguf`) => ({ name, path, createdAtMs: 0 });
const hello = { messages: [{ role: 'user' as const, content: 'hello' }] };

async function collect(events: AsyncIterable<ChatEvent>): Promise<string> {
  let text = '';
  for await (const event of events) if (event.kind === 'delta') text += event.text;
  return text;
}

/** Answers say which file they come from; `gate` holds them up. */
function models(options: { maximumLoaded?: number; waitLimit?: number; gate?: () => Promise<void> } = {}) {
  const servers: FakeModelServer[] = [];
  const { gate, ...rest } = options;
  const served = createServedModels({
    ...rest,
    startServer: () => {
      const server = new FakeModelServer((_messages, loaded) => loaded?.path ?? 'nothing', gate);
      servers.push(server);
      return server;
    },
  });
  return { served, servers };
}

test('names lead to files, a name without a tag to its latest, and what the source knows is there as well', async () => {
  const served = createServedModels({
    startServer: () => new FakeModelServer((_messages, loaded) => loaded?.path ?? ''),
    source: () => Promise.resolve([model('old:v1'), model('tickets:latest', '/old')]),
  });
  await served.add([model('tickets:v2', '/two'), model('tickets:latest', '/two')]);
  assert.deepEqual(
    (await served.list()).map(({ name }) => name),
    ['old:v1', 'tickets:latest', 'tickets:v2'],
  );
  assert.deepEqual(
    [await collect(served.chat('tickets', hello)), await collect(served.chat('old:v1', hello))],
    ['/two', '/models/old:v1.gguf'],
  );
  assert.deepEqual(
    [await served.remove('tickets:v2'), await served.remove('tickets:v2'), await served.find('tickets:v2')],
    [true, false, null],
  );
  await assert.rejects(collect(served.chat('nobody', hello)), { code: 'serving.unknown-model' });
});

test('two models never use one server at the same time, and requests come in in order', async () => {
  const { served, servers } = models({ gate: () => new Promise((resolve) => setTimeout(resolve, 5)) });
  await served.add([model('a'), model('b')]);
  const order: string[] = [];
  const ask = async (name: string) => order.push(await collect(served.chat(name, hello)));
  await Promise.all(['a', 'b', 'a', 'b'].map(ask));
  assert.deepEqual(order, ['/models/a.gguf', '/models/b.gguf', '/models/a.gguf', '/models/b.gguf']);
  assert.equal(servers.length, 1);
});

test('with room for two both stay loaded', async () => {
  const { served, servers } = models({ maximumLoaded: 2 });
  await served.add([model('a'), model('b')]);
  for (const name of ['a', 'b', 'a', 'b']) await collect(served.chat(name, hello));
  assert.deepEqual(
    servers.map(({ loads }) => new Set(loads.map(({ path }) => path)).size),
    [1, 1],
  );
});

test('a second model that does not fit takes the place of an idle one', async () => {
  const { served, servers } = models({ maximumLoaded: 2 });
  await served.add([model('a'), model('b')]);
  await collect(served.chat('a', hello));
  let refusals = 1;
  const place = served.use('b', (server) => Promise.resolve(server.status().model?.path));
  const second = servers[1];
  assert.equal(second, undefined, 'not started before its turn');
  await place;
  const tight = servers[1] as FakeModelServer;
  const load = tight.load.bind(tight);
  tight.load = (wanted) =>
    refusals-- > 0
      ? Promise.reject(
          new ForgeError('serving.not-enough-memory', { path: wanted.path, neededMegabytes: 2, freeMegabytes: 1 }),
        )
      : load(wanted);
  assert.equal(await collect(served.chat('b', hello)), '/models/b.gguf');
  assert.equal(servers[0]?.status().model, null);
});

test('too many waiting for another model are told to come again, and one that gives up leaves', async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { served } = models({ waitLimit: 1, gate: () => gate });
  await served.add([model('a'), model('b')]);
  const first = collect(served.chat('a', hello));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const control = new AbortController();
  const second = collect(served.chat('b', hello, control.signal)).catch((failure: unknown) => failure);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await assert.rejects(collect(served.chat('b', hello)), { code: 'serving.busy' });
  control.abort();
  assert.equal(((await second) as ForgeError).code, 'serving.cancelled');
  open();
  assert.equal(await first, '/models/a.gguf');
});
