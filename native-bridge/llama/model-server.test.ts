import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { ChatEvent } from '#contract/serving.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import type { ModelProcess } from './model-link.ts';
import type { FromModelProcess, ToModelProcess } from './model-protocol.ts';
import { createModelServer, type ModelServerOptions } from './model-server.ts';

const folder = await mkdtemp(join(tmpdir(), 'forge-server-'));
after(() => rm(folder, { recursive: true }));

async function modelFile(name: string): Promise<string> {
  const head = Buffer.alloc(128);
  head.write('GGUF', 0, 'latin1');
  head.writeUInt32LE(3, 4);
  head.writeBigUInt64LE(1n, 8);
  const path = join(folder, name);
  await writeFile(path, head);
  return path;
}

/** A model process without a process: loads everything, and answers a chat when the test says so. */
class FakeProcess implements ModelProcess {
  readonly pid = 1;
  readonly received: ToModelProcess[] = [];
  #message: (message: FromModelProcess) => void = () => undefined;
  #exit: (reason: string) => void = () => undefined;

  send(message: ToModelProcess): void {
    this.received.push(message);
    setImmediate(() => this.#answer(message));
  }
  onMessage(listener: (message: FromModelProcess) => void): void {
    this.#message = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.#exit = listener;
  }
  kill(reason = 'signal SIGKILL'): void {
    setImmediate(() => this.#exit(reason));
  }
  say(text: string): void {
    for (const { id } of this.chats()) this.#message({ kind: 'chat-delta', id, text });
  }
  finish(): void {
    const figures = { promptTokens: 3, completionTokens: 1, cachedPromptTokens: 0, firstTokenMs: 1, totalMs: 2 };
    for (const { id } of this.chats()) this.#message({ kind: 'chat-done', id, finishReason: 'stop', ...figures });
  }
  chats() {
    return this.received.filter((message) => message.kind === 'chat');
  }
  #answer(message: ToModelProcess): void {
    const { id } = message;
    if (message.kind === 'cancel') this.#message({ kind: 'failed', id, code: 'serving.cancelled', detail: {} });
    if (message.kind === 'threads') this.#message({ kind: 'threads-done', id });
    if (message.kind !== 'load') return;
    const { path, contextTokens, sequences, threads } = message.model;
    const texts = { architecture: 'llama', chatTemplate: 'x', bosText: '', eosText: '', addsBos: false };
    const model = {
      path,
      contextTokens,
      sequences,
      threads: threads.prompt,
      trainedContextTokens: 8192,
      sizeBytes: 1,
      loadMs: 1,
      ...texts,
    };
    this.#message({ kind: 'load-done', id, model });
  }
}

function serverWith(options: Partial<ModelServerOptions> = {}) {
  const processes: FakeProcess[] = [];
  const server = createModelServer({
    physicalCores: 4,
    policy: servingPolicy,
    idleUnloadMs: null,
    startProcess: () => {
      const started = new FakeProcess();
      processes.push(started);
      return started;
    },
    ...options,
  });
  after(() => server.dispose());
  const latest = () => processes.at(-1) as FakeProcess;
  /** Waits until the latest process, the n-th one, has got so many chats. */
  const arrived = (chats: number, process = 1) =>
    until(() => processes.length === process && latest().chats().length === chats);
  return { server, processes, latest, arrived };
}

const hello = { messages: [{ role: 'user' as const, content: 'hello' }] };
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await soon();
}

async function collect(events: AsyncIterable<ChatEvent>): Promise<string> {
  let text = '';
  for await (const event of events) text += event.kind === 'delta' ? event.text : `|${event.finishReason}`;
  return text;
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (failure: unknown) => (failure instanceof ForgeError ? failure.code : String(failure)),
  );

test('an answer arrives in pieces with its end, and the greedy request is marked as one to compute alone', async () => {
  const { server, latest, arrived } = serverWith();
  await server.load({ path: await modelFile('a.gguf') });
  const answer = collect(server.chat(hello));
  await arrived(1);
  latest().say('hel');
  latest().say('lo');
  latest().finish();
  assert.equal(await answer, 'hello|stop');
  const [chat] = latest().chats();
  assert.deepEqual([chat?.request.isolated, chat?.request.temperature], [true, 0]);
});

test('more than the queue holds is refused at once with a time, and the waiting ones get their turn', async () => {
  const { server, latest, arrived } = serverWith({ maximumSequences: 1, queueLimit: 1 });
  await server.load({ path: await modelFile('a.gguf') });
  const first = collect(server.chat(hello));
  const second = collect(server.chat(hello));
  await arrived(1);
  const third = await collect(server.chat(hello)).catch((failure: unknown) => failure);
  assert.ok(
    third instanceof ForgeError && third.code === 'serving.busy' && Number(third.detail['retryAfterSeconds']) >= 1,
  );
  latest().finish();
  assert.equal(await first, '|stop');
  await arrived(2);
  latest().finish();
  assert.equal(await second, '|stop');
  assert.deepEqual([server.status().running, server.status().waiting], [0, 0]);
});

test('a waiting request that is given up leaves the queue', async () => {
  const { server, latest, arrived } = serverWith({ maximumSequences: 1 });
  await server.load({ path: await modelFile('a.gguf') });
  const first = collect(server.chat(hello));
  const control = new AbortController();
  const second = codeOf(collect(server.chat(hello, control.signal)));
  await arrived(1);
  await until(() => server.status().waiting === 1);
  control.abort();
  assert.equal(await second, 'serving.cancelled');
  latest().finish();
  await first;
  assert.equal(server.status().waiting, 0);
});

test('a crash is one clean error for every caller; the next request starts a new process, and repeated crashes hold off', async () => {
  const { server, processes, latest, arrived } = serverWith();
  await server.load({ path: await modelFile('a.gguf') });
  const crashed = [codeOf(collect(server.chat(hello))), codeOf(collect(server.chat(hello)))];
  await arrived(2);
  latest().kill();
  assert.deepEqual(await Promise.all(crashed), ['serving.crashed', 'serving.crashed']);
  const next = collect(server.chat(hello));
  await arrived(1, 2);
  latest().finish();
  assert.deepEqual([await next, processes.length], ['|stop', 2]);
  const policy = { ...servingPolicy, restartDelayMs: () => 60_000 };
  const impatient = serverWith({ policy });
  await impatient.server.load({ path: await modelFile('a.gguf') });
  impatient.latest().kill();
  await until(() => impatient.server.status().state !== 'ready');
  assert.equal(impatient.server.status().state, 'waiting-to-restart');
  assert.equal(await codeOf(collect(impatient.server.chat(hello))), 'serving.keeps-crashing');
});

test('another model waits for the answers under way, the same one does not load again', async () => {
  const { server, processes, latest, arrived } = serverWith();
  const [a, b] = [await modelFile('a.gguf'), await modelFile('b.gguf')];
  await server.load({ path: a });
  await server.load({ path: a });
  assert.equal(processes.length, 1);
  const answer = collect(server.chat(hello));
  await arrived(1);
  const loading = server.load({ path: b });
  await soon();
  assert.equal(processes.length, 1);
  latest().finish();
  assert.equal(await answer, '|stop');
  assert.equal((await loading).path, b);
  assert.equal(processes.length, 2);
});

test('it is unloaded after a time without work and loads again when asked', async () => {
  const { server, processes, latest, arrived } = serverWith({ idleUnloadMs: 20 });
  await server.load({ path: await modelFile('a.gguf') });
  await until(() => server.status().state === 'idle');
  const answer = collect(server.chat(hello));
  await arrived(1, 2);
  latest().finish();
  assert.deepEqual([await answer, processes.length], ['|stop', 2]);
});

test('nothing is started for a file that is no model or does not fit into memory', async () => {
  const { server, processes } = serverWith({ freeMemoryBytes: () => 100 });
  assert.equal(await codeOf(server.load({ path: join(folder, 'nothing') })), 'serving.file-not-usable');
  assert.equal(await codeOf(server.load({ path: await modelFile('a.gguf') })), 'serving.not-enough-memory');
  assert.equal(await codeOf(collect(server.chat(hello))), 'serving.not-enough-memory');
  assert.deepEqual([processes.length, server.status().running], [0, 0]);
});

test('threads stay between one and the cores, for tokens of a small model one less', async () => {
  const { server, latest } = serverWith({ threads: 64 });
  await server.load({ path: await modelFile('a.gguf') });
  await server.setThreads(0);
  const orders = latest().received.flatMap((message) =>
    message.kind === 'load' ? [message.model.threads] : message.kind === 'threads' ? [message.threads] : [],
  );
  assert.deepEqual(orders, [
    { prompt: 4, generation: 3 },
    { prompt: 1, generation: 1 },
  ]);
});

test('a closed server answers nothing', async () => {
  const { server } = serverWith();
  await server.dispose();
  assert.equal(await codeOf(collect(server.chat(hello))), 'serving.nothing-loaded');
  assert.equal(server.status().state, 'closed');
});
