import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { WebSocketServer } from 'ws';
import { endRunningEngine, findRunningEngine, relayToEngine } from './running-engine.ts';

class FakePort {
  readonly posted: unknown[] = [];
  isClosed = false;
  #listeners = new Map<string, (event: { data: unknown; ports: [] }) => void>();

  on(event: string, listener: (event: { data: unknown; ports: [] }) => void): this {
    this.#listeners.set(event, listener);
    return this;
  }
  leave(): void {
    this.#listeners.get('close')?.({ data: null, ports: [] });
  }
  say(data: unknown): void {
    this.#listeners.get('message')?.({ data, ports: [] });
  }
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  start(): void {
    return undefined;
  }
  close(): void {
    this.isClosed = true;
  }
}

async function listen(t: TestContext) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

test('what the window says reaches the running engine with its token, and the answers come back', async (t) => {
  const { server, port } = await listen(t);
  const heard: string[] = [];
  const greeted = new Promise<string | undefined>((resolve) =>
    server.on('connection', (socket, request) => {
      socket.on('message', (data) => {
        heard.push(String(data));
        socket.send(`answer to ${String(data)}`);
        if (heard.length === 2) resolve(request.headers.authorization);
      });
    }),
  );
  const window = new FakePort();
  const gone = new Promise<void>((resolve) =>
    relayToEngine(window as never, { port, token: 'abc' }, { onGone: resolve }),
  );
  window.say('first');
  window.say({ not: 'a frame' });
  window.say('second');
  assert.equal(await greeted, 'Bearer abc');
  for (const client of server.clients) client.close();
  await gone;
  assert.deepEqual(
    [heard, window.posted, window.isClosed],
    [['first', 'second'], ['answer to first', 'answer to second'], true],
  );
});

test('an engine that is gone closes the window’s port, so that it asks for another', async (t) => {
  const { server, port } = await listen(t);
  await new Promise((resolve) => server.close(resolve));
  const window = new FakePort();
  await new Promise<void>((resolve) => relayToEngine(window as never, { port, token: 'abc' }, { onGone: resolve }));
  assert.equal(window.isClosed, true);
});

test('only a file of a living engine counts', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-running-'));
  t.after(() => rm(home, { recursive: true }));
  const write = (text: string) => writeFile(path.join(home, 'engine.json'), text);
  assert.equal(await findRunningEngine(home), null);
  await write('{"pid": 1');
  assert.equal(await findRunningEngine(home), null);
  const address = { port: 5, token: 'x', protocol: 2, version: '0.1.0' };
  await write(JSON.stringify({ ...address, pid: 2 ** 22 + 1 }));
  assert.equal(await findRunningEngine(home), null, 'a process that does not exist');
  await write(JSON.stringify({ ...address, pid: process.pid }));
  assert.deepEqual(await findRunningEngine(home), { ...address, pid: process.pid });
});

test('a window that leaves, as at every reload, says nothing about the engine', async (t) => {
  const { server, port } = await listen(t);
  const left = new Promise<void>((resolve) => server.on('connection', (socket) => socket.on('close', () => resolve())));
  const window = new FakePort();
  let losses = 0;
  const opened = new Promise<void>((resolve) =>
    relayToEngine(window as never, { port, token: 'abc' }, { onOpen: resolve, onGone: () => (losses += 1) }),
  );
  await opened;
  window.leave();
  await left;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual([losses, window.isClosed], [0, false]);
});

test('an engine is asked to leave and waited for; one that stays is said to', async (t) => {
  const run = (program: string) => {
    const child = spawn(process.execPath, ['--eval', `${program}; console.log('ready'); setInterval(() => 0, 1000)`]);
    t.after(() => child.kill('SIGKILL'));
    return new Promise<number>((resolve) => child.stdout.once('data', () => resolve(child.pid ?? 0)));
  };
  assert.equal(await endRunningEngine(await run('')), true);
  assert.equal(await endRunningEngine(await run("process.on('SIGTERM', () => 0)"), 200), false);
});
