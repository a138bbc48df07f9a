import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { createOutbound } from './outbound.ts';

const root = await mkdtemp(join(tmpdir(), 'forge-network-'));
after(() => rm(root, { recursive: true, force: true }));
const code = (expected: string) => (error: unknown) => error instanceof ForgeError && error.code === expected;

async function serve(listener: RequestListener): Promise<{ url: string; host: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host };
}

/** A client to which the local server is the outside. */
async function outside(isOffline = false) {
  const home = await mkdtemp(join(root, 'home-'));
  const outbound = createOutbound({ home, isOffline: () => isOffline, isInside: () => false, nowMs: () => 1000 });
  const ledger = async () =>
    (await readFile(join(home, 'logs', 'network.jsonl'), 'utf8').catch(() => ''))
      .trim()
      .split('\n')
      .filter((line) => line !== '');
  return { outbound, ledger };
}

test('a request is one line in the ledger: host, path without the query, bytes, status and purpose, never a header', async () => {
  const { url, host } = await serve((_request, response) => response.end('hello'));
  const { outbound, ledger } = await outside();
  const response = await outbound.request({
    url: `${url}/a/b?token=secret`,
    purpose: 'testing',
    headers: { authorization: 'Bearer secret' },
  });
  assert.equal(await response.text(100), 'hello');
  const [line, ...more] = await ledger();
  const { ms, ...rest } = JSON.parse(line ?? '') as { ms: number };
  assert.deepEqual(rest, {
    t: 1000,
    purpose: 'testing',
    method: 'GET',
    host,
    path: '/a/b',
    bytes: 5,
    status: 200,
    error: null,
  });
  assert.ok(ms >= 0 && more.length === 0 && !line?.includes('secret'));
});

test('loopback is not the outside: no line, and offline does not refuse it', async () => {
  const { url } = await serve((_request, response) => response.end('hello'));
  const home = await mkdtemp(join(root, 'home-'));
  const outbound = createOutbound({ home, isOffline: () => true });
  assert.equal(await (await outbound.request({ url, purpose: 'testing' })).text(100), 'hello');
  await assert.rejects(readFile(join(home, 'logs', 'network.jsonl')));
});

test('offline refuses before anything leaves', async () => {
  let requests = 0;
  const { url } = await serve((_request, response) => response.end(String((requests += 1))));
  const { outbound, ledger } = await outside(true);
  await assert.rejects(outbound.request({ url, purpose: 'fetching a model' }), code('network.offline'));
  await assert.rejects(
    outbound.throughTool({ name: 'uv', purpose: 'installing' }, async () => ({ status: 0, bytes: 0 })),
    code('network.offline'),
  );
  assert.deepEqual([requests, await ledger()], [0, []]);
});

test('a redirect to an address without encryption is not followed', async () => {
  const { url } = await serve((_request, response) =>
    response.writeHead(302, { location: 'http://elsewhere.example/x' }).end(),
  );
  const { outbound } = await outside();
  await assert.rejects(outbound.request({ url, purpose: 'testing' }), code('network.insecure-redirect'));
});

test('a redirect to another host does not carry the key there', async () => {
  const seen: (string | undefined)[] = [];
  const second = await serve((request, response) => {
    seen.push(request.headers.authorization, request.headers['range']);
    response.end('file');
  });
  const first = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(307, { location: `${second.url}/file` }).end();
  });
  const outbound = createOutbound({ home: root, isOffline: () => false });
  const response = await outbound.request({
    url: first.url,
    purpose: 'testing',
    headers: { authorization: 'Bearer key', range: 'bytes=1-' },
  });
  assert.deepEqual([await response.text(10), seen], ['file', ['Bearer key', undefined, 'bytes=1-']]);
});

test('redirects in a circle end', async () => {
  const { url } = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
  const outbound = createOutbound({ home: root, isOffline: () => false });
  await assert.rejects(outbound.request({ url, purpose: 'testing' }), code('network.unreachable'));
});

test('a connection that breaks in the middle is said with what had arrived, and is in the ledger', async () => {
  const { url } = await serve((_request, response) => {
    response
      .writeHead(200, { 'content-length': '1000' })
      .write('12345', () => setTimeout(() => response.destroy(), 20));
  });
  const { outbound, ledger } = await outside();
  const response = await outbound.request({ url, purpose: 'testing' });
  await assert.rejects(
    response.text(2000),
    (error) => error instanceof ForgeError && error.code === 'network.lost' && error.detail['bytes'] === 5,
  );
  const entry = JSON.parse((await ledger())[0] ?? '') as { bytes: number; error: string | null };
  assert.equal(entry.bytes, 5);
  assert.ok(entry.error);
});

test('nobody there is said plainly', async () => {
  const { outbound, ledger } = await outside();
  await assert.rejects(
    outbound.request({ url: 'http://127.0.0.1:9/', purpose: 'testing' }),
    code('network.unreachable'),
  );
  assert.equal((await ledger()).length, 1);
});

test('an answer larger than expected is not read to its end', async () => {
  const { url } = await serve((_request, response) => {
    response.on('error', () => undefined);
    const pump = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      response.once('drain', pump);
    };
    pump();
  });
  const { outbound } = await outside();
  const response = await outbound.request({ url, purpose: 'testing' });
  await assert.rejects(response.text(100_000), code('network.answer-too-large'));
});

test('an abort ends a transfer with the caller own reason', async () => {
  const { url } = await serve((_request, response) => response.writeHead(200).write('begin'));
  const { outbound } = await outside();
  const controller = new AbortController();
  const response = await outbound.request({ url, purpose: 'testing', signal: controller.signal });
  const reading = response.text(1000);
  controller.abort(new Error('not wanted any more'));
  await assert.rejects(reading, /not wanted any more/);
});

test('lines written at once stay whole', async () => {
  const { url } = await serve((_request, response) => response.end('x'));
  const { outbound, ledger } = await outside();
  const ask = async (): Promise<void> => void (await (await outbound.request({ url, purpose: 'testing' })).text(10));
  await Promise.all(Array.from({ length: 30 }, ask));
  const lines = await ledger();
  assert.deepEqual([lines.length, lines.every((line) => JSON.parse(line) !== null)], [30, true]);
});
