import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { adoptOrStart } from './adopted-engine.ts';
import type { EngineProcess } from './engine-process.ts';

/** Keeps nothing and says nothing: what is joined by it is of no interest here. */
const port = { on: () => port, start: () => undefined, close: () => undefined, postMessage: () => undefined };

/** Lets anybody in and says one word. */
const otherEngine = `
  import { WebSocketServer } from 'ws';
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('listening', () => console.log(server.address().port));
  server.on('connection', (socket) => socket.send('hello'));`;

test('when an adopted engine is gone its sight is given up first, and only then an own one starts', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-adopted-'));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
    await rm(home, { recursive: true });
  });
  const { port: listening } = server.address() as AddressInfo;
  const address = { pid: process.pid, port: listening, token: 'x', protocol: 1, version: '1.2.3' };
  await writeFile(path.join(home, 'engine.json'), JSON.stringify(address));
  const happened: string[] = [];
  const started = Promise.withResolvers<void>();
  const adopted = Promise.withResolvers<void>();
  const own: EngineProcess = {
    state: { kind: 'starting' },
    start() {
      happened.push('own started');
      started.resolve();
    },
    connect: () => happened.push('own connected'),
    retry: () => undefined,
    stop: () => Promise.resolve(),
  };
  const engine = adoptOrStart(own, {
    home,
    onAdopted: () => adopted.resolve(),
    onLost: () => happened.push('sight given up'),
  });
  engine.start();
  await Promise.race([adopted.promise, started.promise]);
  assert.equal(engine.state.kind, 'running');
  let joins = 0;
  const joined = new Promise<void>((resolve) =>
    server.on('connection', () => {
      joins += 1;
      if (joins === 2) resolve();
    }),
  );
  engine.connect(port as never);
  engine.connect(port as never);
  await joined;
  for (const client of server.clients) client.terminate();
  await started.promise;
  // The second line is lost as well: one loss is one start.
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(happened, ['sight given up', 'own started']);
  assert.equal(engine.state.kind, 'starting');
});

test('an adopted engine of another version is ended only when it has let us in, and the own one takes its place', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-adopted-'));
  const other = spawn(process.execPath, ['--input-type=module', '--eval', otherEngine], { cwd: import.meta.dirname });
  t.after(async () => {
    other.kill('SIGKILL');
    await rm(home, { recursive: true });
  });
  const listening = await new Promise<number>((resolve) => other.stdout.once('data', (text) => resolve(Number(text))));
  const address = { pid: other.pid, port: listening, token: 'x', protocol: 1, version: '0.0.1' };
  await writeFile(path.join(home, 'engine.json'), JSON.stringify(address));
  let starts = 0;
  const started = Promise.withResolvers<void>();
  const adopted = Promise.withResolvers<void>();
  const own = {
    state: { kind: 'starting' },
    start() {
      starts += 1;
      started.resolve();
    },
  } as EngineProcess;
  const engine = adoptOrStart(own, { home, onAdopted: () => adopted.resolve(), onLost: () => undefined });
  engine.start();
  await adopted.promise;
  assert.equal(await engine.replaceAdopted(), false, 'whose process that is was not seen yet');
  assert.equal(other.exitCode, null);
  const answered = new Promise<void>((resolve) =>
    engine.connect({ ...port, on: () => port, postMessage: () => resolve() } as never),
  );
  await answered;
  assert.equal(await engine.replaceAdopted(), true);
  await started.promise;
  assert.deepEqual([starts, engine.state.kind], [1, 'starting']);
  assert.equal(await engine.replaceAdopted(), false);
});
