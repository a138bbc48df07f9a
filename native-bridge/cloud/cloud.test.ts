import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { providerFormats, type ProviderFormat } from '#contract/providers.ts';
import type { ChatPiece } from '#core/ports/chat-provider.ts';
import type { CloudConnection } from '#core/ports/cloud.ts';
import { startFakeCloud, type FakeCloudMode } from '../../tests/fixtures/fake-cloud.ts';
import { createOutbound } from '../network/outbound.ts';
import { createCloud } from './create-cloud.ts';

const home = await mkdtemp(join(tmpdir(), 'forge-cloud-'));
const fake = await startFakeCloud({ key: 'sk-right', slowMs: 60 });
after(async () => {
  await fake.close();
  await rm(home, { recursive: true, force: true });
});

const patience = { firstTokenMs: 300, idleMs: 300, retryMs: 10, longestWaitMs: 100 };
const prompt = {
  messages: [{ role: 'user', content: 'one two three four' }],
  temperature: 0,
  maximumTokens: 64,
} as const;

function connection(format: ProviderFormat, mode: FakeCloudMode, key: string | null = 'sk-right'): CloudConnection {
  return { id: 'fake', name: 'Fakery', format, address: fake.address(format, mode), key, secret: 'provider_fake' };
}

function cloud(isOffline = false, longestWaitMs = patience.longestWaitMs) {
  const outbound = createOutbound({ home, isOffline: () => isOffline, isInside: () => false });
  return createCloud({ outbound, patience: { ...patience, longestWaitMs } });
}

async function ask(
  format: ProviderFormat,
  mode: FakeCloudMode,
  { signal = new AbortController().signal, longestWaitMs }: { signal?: AbortSignal; longestWaitMs?: number } = {},
): Promise<{ text: string; done: ChatPiece | null }> {
  let text = '';
  let done: ChatPiece | null = null;
  const model = await cloud(false, longestWaitMs).model(connection(format, mode), 'fake-large');
  for await (const piece of model.chat(prompt, signal)) {
    if (piece.kind === 'delta') text += piece.text;
    else done = piece;
  }
  return { text, done };
}

const fails = (code: string) => (error: unknown) => {
  assert.ok(error instanceof ForgeError, String(error));
  assert.equal(error.code, code, error.message);
  assert.doesNotMatch(`${error.message} ${error.remedy} ${JSON.stringify(error.detail)}`, /sk-right|one two three/);
  return true;
};

for (const format of providerFormats) {
  test(`${format}: an answer comes in pieces, with what it used`, async () => {
    const { text, done } = await ask(format, 'ok');
    assert.equal(text, 'You said: one two three four');
    assert.deepEqual(done, {
      kind: 'done',
      finishReason: 'stop',
      usage: { promptTokens: 5, completionTokens: 6, cachedPromptTokens: 0 },
    });
  });

  test(`${format}: a refused key, a failing server, a cut-off answer and too many requests are told apart`, async () => {
    await assert.rejects(ask(format, 'bad-key'), fails('provider.key-refused'));
    await assert.rejects(ask(format, 'failing'), fails('provider.down'));
    await assert.rejects(ask(format, 'cut-off'), fails('provider.cut-off'));
    await assert.rejects(ask(format, 'rate-limited'), fails('provider.rate-limited'));
  });

  test(`${format}: what may pass is tried once more`, async () => {
    assert.equal((await ask(format, 'failing-once')).text, 'You said: one two three four');
  });

  test(`${format}: silence and endlessness are ended`, async () => {
    await assert.rejects(ask(format, 'silent'), fails('provider.too-slow'));
    await assert.rejects(ask(format, 'endless'), fails('provider.endless'));
  });

  test(`${format}: the list of models shows whether address and key are right`, async () => {
    assert.deepEqual(await cloud().listModels(connection(format, 'ok')), ['fake-large', 'fake-small']);
    await assert.rejects(cloud().listModels(connection(format, 'ok', 'sk-wrong')), fails('provider.key-refused'));
    await assert.rejects(cloud().listModels(connection(format, 'failing')), fails('provider.down'));
  });
}

test('the wait that a provider asks for is kept when it is short, and the request given up when it is long', async () => {
  await assert.rejects(ask('openai', 'rate-limited-once', { longestWaitMs: 999 }), fails('provider.rate-limited'));
  const startedMs = performance.now();
  assert.equal(
    (await ask('anthropic', 'rate-limited-once', { longestWaitMs: 1_000 })).text,
    'You said: one two three four',
  );
  assert.ok(performance.now() - startedMs >= 950, 'Retry-After was waited out');
});

test('a redirect is not followed: neither key nor prompt goes to another address', async () => {
  await assert.rejects(ask('openai', 'redirect'), fails('provider.refused'));
});

test('an abort ends the transfer', async () => {
  const control = new AbortController();
  const asking = ask('openai-compatible', 'slow', { signal: control.signal });
  setTimeout(() => control.abort(new Error('not wanted')), 100);
  await assert.rejects(asking, /not wanted/);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(fake.open(), 0);
});

test('offline, nothing is sent', async () => {
  const before = fake.requests.length;
  const asking = (await cloud(true).model(connection('anthropic', 'ok'), 'fake-large')).chat(
    prompt,
    new AbortController().signal,
  );
  await assert.rejects(async () => {
    for await (const piece of asking) assert.fail(piece.kind);
  }, fails('network.offline'));
  assert.equal(fake.requests.length, before);
});

test('nobody at the address is said plainly', async () => {
  const nobody = { ...connection('openai', 'ok'), address: 'http://127.0.0.1:9' };
  const asking = (await cloud().model(nobody, 'fake-large')).chat(prompt, new AbortController().signal);
  await assert.rejects(async () => {
    for await (const piece of asking) assert.fail(piece.kind);
  }, fails('provider.down'));
});

test('every request is in the ledger with its purpose, without key and prompt', async () => {
  await ask('google', 'ok');
  const ledger = await readFile(join(home, 'logs', 'network.jsonl'), 'utf8');
  assert.match(ledger, /"purpose":"asking Fakery"/);
  assert.doesNotMatch(ledger, /sk-right|one two three/);
});

test('a prompt of 200,000 characters arrives whole', async () => {
  const long = 'x'.repeat(200_000);
  const model = await cloud().model(connection('openai', 'ok'), 'fake-large');
  const asked = { ...prompt, messages: [{ role: 'user' as const, content: long }] };
  for await (const piece of model.chat(asked, new AbortController().signal)) assert.ok(piece);
  assert.ok((fake.requests.at(-1)?.body ?? '').includes(long));
});

test('a body without end is not read to its end, neither of an answer nor of a refusal', async () => {
  const pump = (status: number) => async (): Promise<number> => {
    let sent = 0;
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const model = await cloud().model({ ...connection('openai', 'ok'), address }, 'fake-large');
    await assert.rejects(async () => {
      for await (const piece of model.chat(prompt, new AbortController().signal)) assert.fail(piece.kind);
    }, ForgeError);
    server.closeAllConnections();
    server.close();
    return sent;
  };
  assert.ok((await pump(400)()) < 8_000_000);
  assert.ok((await pump(200)()) < 80_000_000);
});

test('keys of the environment are not sent to a server that has none of its own', async () => {
  process.env['OPENAI_API_KEY'] = 'sk-of-the-environment';
  try {
    await assert.rejects(async () => {
      const model = await cloud().model(connection('openai', 'ok', null), 'fake-large');
      for await (const piece of model.chat(prompt, new AbortController().signal)) assert.fail(piece.kind);
    }, fails('provider.key-refused'));
  } finally {
    delete process.env['OPENAI_API_KEY'];
  }
  assert.ok(!JSON.stringify(fake.requests.at(-1)?.headers).includes('of-the-environment'));
});
