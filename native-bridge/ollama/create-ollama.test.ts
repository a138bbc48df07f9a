import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createOllama } from './create-ollama.ts';
import { ollamaAddress } from './ollama-address.ts';

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
/** A port on which nothing listens any more. */
async function deadHost(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}
const saysVersion = (version: string) => listen((_request, response) => response.end(JSON.stringify({ version })));

test('OLLAMA_HOST is read as Ollama reads it', () => {
  const settings = [
    undefined,
    '',
    'box',
    'box:80',
    ':1234',
    'http://box',
    'https://box',
    '0.0.0.0',
    '[::]:9',
    ' "box" ',
    'http://',
    'box/path',
  ];
  assert.deepEqual(settings.map(ollamaAddress), [
    'http://127.0.0.1:11434',
    'http://127.0.0.1:11434',
    'http://box:11434',
    'http://box:80',
    'http://127.0.0.1:1234',
    'http://box:80',
    'https://box:443',
    'http://127.0.0.1:11434',
    'http://[::1]:9',
    'http://box:11434',
    null,
    null,
  ]);
});

test('running, too old, silent, something else and nothing are told apart, in time', async () => {
  const silent = await listen(() => undefined);
  const html = await listen((_request, response) => response.end('<html>'));
  const hosts = [
    await saysVersion('0.17.4'),
    await saysVersion('0.0.0'),
    await saysVersion('0.5.4'),
    silent,
    html,
    await deadHost(),
    'not an address/',
  ];
  const startedMs = performance.now();
  const found = await Promise.all(hosts.map((host) => createOllama({ host, detectTimeoutMs: 200 }).detect()));
  assert.ok(performance.now() - startedMs < 1_500);
  assert.deepEqual(
    found.map((status) => (status.state === 'absent' ? status.reason : status.state)),
    [
      'running',
      'running',
      'too-old',
      'no answer within 0.2 s',
      'something else answers there',
      'nothing listens there',
      'OLLAMA_HOST is not an address',
    ],
  );
});

const folder = await mkdtemp(join(tmpdir(), 'forge-ollama-'));
after(() => rm(folder, { recursive: true }));
const content = Buffer.alloc(3_000_000, 7);
const ggufPath = join(folder, 'model.gguf');
await writeFile(ggufPath, content);
const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
const model = {
  name: 'tickets:v1-incoming',
  ggufPath,
  contextTokens: 1024,
  modelfile: { family: 'chatml', template: 'T', system: 'S', stop: ['<|im_end|>'] },
};

/** Keeps blobs and requests as Ollama does. */
async function recording(refuse?: { url: RegExp; status: number; error: string }) {
  const blobs = new Map<string, number>();
  const created: unknown[] = [];
  const host = await listen(async (request, response) => {
    const { url = '', method } = request;
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    if (method === 'POST' && refuse?.url.test(url))
      return void response
        .writeHead(refuse.status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: refuse.error }));
    if (url.startsWith('/api/blobs/')) {
      const name = url.slice('/api/blobs/'.length);
      if (method === 'HEAD') return void response.writeHead(blobs.has(name) ? 200 : 404).end();
      blobs.set(name, body.length);
      return void response.writeHead(201).end();
    }
    created.push(JSON.parse(body.toString()));
    return void response.end(JSON.stringify({ status: 'success' }));
  });
  return { ollama: createOllama({ host }), blobs, created };
}

test('a model is made from an uploaded file with everything said explicitly; the second time nothing is sent', async () => {
  const { ollama, blobs, created } = await recording();
  const phases: string[] = [];
  const onProgress = ({ phase, fraction }: { phase: string; fraction: number | null }) =>
    phases.push(`${phase} ${fraction}`);
  assert.deepEqual(await ollama.create(model, { onProgress }), { digest });
  assert.deepEqual([...blobs], [[digest, content.length]]);
  const parameters = { stop: ['<|im_end|>'], num_ctx: 1024, repeat_penalty: 1 };
  assert.deepEqual(created, [
    { model: model.name, files: { 'model.gguf': digest }, template: 'T', system: 'S', parameters, stream: false },
  ]);
  assert.ok(phases.includes('uploading 1') && phases.at(-1) === 'creating null', phases.join());
  phases.length = 0;
  await ollama.create(model, { onProgress });
  assert.equal(
    phases.some((phase) => phase.startsWith('uploading')),
    false,
  );
});

test('a full disk, any other refusal and a cancelled upload each have their own error', async () => {
  const full = await recording({ url: /blobs/, status: 500, error: 'write /var/x: no space left on device' });
  await assert.rejects(full.ollama.create(model), { code: 'serving.ollama-disk-full' });
  const refusing = await recording({ url: /create/, status: 400, error: 'unknown architecture' });
  await assert.rejects(refusing.ollama.create(model), {
    code: 'serving.ollama-failed',
    message: /could not create .*unknown architecture/,
  });
  const { ollama } = await recording();
  await assert.rejects(ollama.create(model, { signal: AbortSignal.abort() }), { code: 'serving.cancelled' });
  await assert.rejects(createOllama({ host: await deadHost() }).create(model), { code: 'serving.ollama-absent' });
});

const asked = { model: 'm', messages: [], maximumTokens: 8, temperature: 0, seed: 1 } as const;
const line = (content: string, more: object = {}): string =>
  `${JSON.stringify({ model: 'm', message: { role: 'assistant', content }, done: false, ...more })}\n`;

test('an answer streams in pieces with what it used; one that breaks off or is refused says so', async () => {
  const host = await listen((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => (body += bytes.toString('utf8')));
    request.on('end', () => {
      const { model } = JSON.parse(body) as { model: string };
      if (model === 'gone')
        return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"model not found"}');
      response.write(line('one ') + line('two'));
      if (model === 'm')
        response.end(line('', { done: true, done_reason: 'stop', prompt_eval_count: 5, eval_count: 2 }));
      else response.end();
    });
  });
  const pieces = [];
  for await (const piece of createOllama({ host }).stream(asked)) pieces.push(piece);
  assert.deepEqual(pieces, [
    { kind: 'delta', text: 'one ' },
    { kind: 'delta', text: 'two' },
    {
      kind: 'done',
      finishReason: 'stop',
      usage: { promptTokens: 5, completionTokens: 2, cachedPromptTokens: 0 },
    },
  ]);
  const drain = async (model: string, at = host): Promise<void> => {
    for await (const piece of createOllama({ host: at }).stream({ ...asked, model })) assert.ok(piece);
  };
  await assert.rejects(drain('cut'), /could not ask cut/);
  await assert.rejects(drain('gone'), /could not ask gone: model not found/);
  await assert.rejects(drain('m', await deadHost()), /does not answer/);
});

test('leaving a streamed answer ends the request', async () => {
  let isClosed = false;
  const host = await listen((_request, response) => {
    response.write(line('one '));
    response.on('close', () => (isClosed = true));
  });
  for await (const piece of createOllama({ host }).stream(asked)) {
    assert.equal(piece.kind, 'delta');
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(isClosed);
});
