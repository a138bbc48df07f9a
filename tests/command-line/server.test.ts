// `forge server` against the real engine, beside two other clients of it: what one changes, all see.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test, type TestContext } from 'node:test';
import { servingView, type ServingView } from '#contract/serving-state.ts';
import { writeReadyVersion } from '#engine/models/ready-version-fixture.ts';
import { findEngine, type EngineConnection } from '../../cli/engine-connection.ts';
import { forge, newHome, refused } from '../bad-input/forge-command.ts';

const main = path.resolve(import.meta.dirname, '..', '..', 'cli', 'main.ts');
let home = '';
const cleanUps: (() => Promise<void>)[] = [];

before(async () => {
  home = await newHome({ after: (work) => void cleanUps.push(work) });
  for (const version of [1, 2]) await writeReadyVersion(home, 'support', version);
});
after(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

async function server(...words: string[]): Promise<ServingView> {
  const done = await forge(['server', ...words, '--json', '--home', home]);
  assert.equal(done.code, 0, done.err);
  return servingView.parse(JSON.parse(done.out));
}

interface Client {
  readonly connection: EngineConnection;
  last(): ServingView | undefined;
}

/** What a window or a tray does: one connection that watches. */
async function client(t: TestContext): Promise<Client> {
  const connection = await findEngine(home);
  assert.ok(connection);
  let last: ServingView | undefined;
  const watched = (async () => {
    for await (const view of await connection.client.serving.watch()) last = view;
  })().catch(() => undefined);
  t.after(async () => {
    connection.close();
    await watched;
  });
  return { connection, last: () => last };
}

async function allSee(clients: readonly Client[], wanted: ServingView): Promise<void> {
  const deadline = performance.now() + 5_000;
  const agree = (): boolean => clients.every(({ last }) => JSON.stringify(last()) === JSON.stringify(wanted));
  while (!agree()) {
    assert.ok(performance.now() < deadline, JSON.stringify([wanted, ...clients.map(({ last }) => last())], null, 1));
    await sleep(10);
  }
}

test('without an engine the server is stopped, and saying so or stopping it starts nothing', async () => {
  for (const word of ['status', 'stop', 'requests']) {
    const done = await forge(['server', word, '--json', '--home', home]);
    assert.equal(done.code, 0, done.err);
    const answer = JSON.parse(done.out) as unknown;
    assert.deepEqual(answer, word === 'requests' ? [] : { state: 'stopped', running: false, url: null, home });
  }
  assert.equal(await findEngine(home), null);
});

test('toggled from the command line, the window and the tray, all of them see the same', async (t) => {
  const started = await server('start');
  assert.deepEqual([started.state, started.host, started.keyRequired], ['serving', '127.0.0.1', false]);
  const clients = await Promise.all([client(t), client(t)]);
  const [window, tray] = clients;
  assert.ok(window && tray);
  await allSee(clients, started);

  const stopped = await tray.connection.client.serving.stop({ requestId: randomUUID() });
  await allSee(clients, stopped);
  assert.deepEqual(await server('status'), stopped);

  const again = await window.connection.client.serving.start({ requestId: randomUUID() });
  assert.equal(again.url, started.url);
  await allSee(clients, again);
  assert.deepEqual(await server('status'), again);

  const restarted = await server('restart');
  assert.equal(restarted.url, started.url);
  await allSee(clients, restarted);

  const ends = await Promise.all([
    server('stop'),
    tray.connection.client.serving.start({ requestId: randomUUID() }),
    window.connection.client.serving.restart({ requestId: randomUUID() }),
  ]);
  assert.ok(ends.every(({ state }) => state === 'serving' || state === 'stopped'));
  await allSee(clients, await server('status'));
});

test('one command switches the version clients get, and one leads back', async (t) => {
  const window = await client(t);
  const said = await forge(['server', 'switch', 'support', 'v1', '--home', home]);
  assert.deepEqual([said.code, said.out], [0, 'support gives v1 (chosen); back to v2.\n'], said.err);
  await allSee([window], await server('status'));
  assert.equal(window.last()?.families[0]?.current, 1);
  const back = await forge(['server', 'switch', 'support', 'back', '--json', '--home', home]);
  assert.equal((JSON.parse(back.out) as { current: number }).current, 2);
  await forge(['server', 'switch', 'support', 'newest', '--home', home]);
  assert.equal((await server('status')).families[0]?.pinned, false);
  const unknown = { exitCode: 2, code: 'serving.unknown-model', says: /support:v9/, remedy: /forge models list/ };
  await refused(['server', 'switch', 'support', 'v9', '--home', home], unknown);
  const noVersion = { exitCode: 2, code: 'command.usage', says: /soon is no version/, remedy: /v2, back or newest/ };
  await refused(['server', 'switch', 'support', 'soon', '--home', home], noVersion);
});

test('the key is printed alone, is asked for once it is required, and is in no log', async () => {
  const printed = await forge(['server', 'key', '--home', home]);
  assert.match(printed.out, /^forge-[A-Za-z0-9]{32}\n$/);
  assert.match(printed.err, /answered without it as well/);
  const key = printed.out.trim();
  const required = await forge(['server', 'key', '--required', 'on', '--json', '--home', home]);
  assert.deepEqual(JSON.parse(required.out), { key, required: true });
  const { url } = await server('start');
  const status = async (headers: Record<string, string>) => (await fetch(`${url}/models`, { headers })).status;
  assert.deepEqual([await status({}), await status({ authorization: `Bearer ${key}` })], [401, 200]);
  const listed = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${key}` } });
  const { data } = (await listed.json()) as { data: { id: string }[] };
  assert.deepEqual(
    data.map(({ id }) => id),
    ['support', 'support:latest', 'support:v1', 'support:v2'],
  );
  const renewed = await forge(['server', 'key', '--renew', '--json', '--home', home]);
  assert.notEqual((JSON.parse(renewed.out) as { key: string }).key, key);
  assert.equal(await status({ authorization: `Bearer ${key}` }), 401);
  await forge(['server', 'key', '--required', 'off', '--home', home]);
  assert.equal(await status({}), 200);
  assert.equal(readFileSync(path.join(home, 'logs', 'engine.log'), 'utf8').includes(key), false);
});

test('what was asked is among the requests with its model and outcome, and never with its words', async () => {
  const { url } = await server('start');
  await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'nobody', messages: [{ role: 'user', content: 'a secret question' }] }),
  });
  const done = await forge(['server', 'requests', '--json', '--home', home]);
  const [newest] = JSON.parse(done.out) as { model: string; status: number; failure: string }[];
  assert.deepEqual([newest?.model, newest?.status, newest?.failure], ['nobody', 404, 'model_not_found']);
  const shown = await forge(['server', 'requests', '--limit', '5', '--home', home]);
  assert.match(shown.out, /nobody +404/);
  assert.equal(`${done.out}${shown.out}`.includes('secret question'), false);
});

test('the log comes with its newest lines last, by level, and as objects', async () => {
  await server('start');
  const { out } = await forge(['server', 'logs', '--limit', '3', '--level', 'info', '--json', '--home', home]);
  const lines = JSON.parse(out) as { at: number; level: string; message: string }[];
  assert.equal(lines.length, 3);
  assert.ok(lines.every(({ at }, index) => index === 0 || at > (lines[index - 1]?.at ?? 0)));
  const shown = await forge(['server', 'logs', '--home', home]);
  assert.match(shown.out, /info +serving +OpenAI-compatible server listens +url=http/);
  const quiet = await forge(['server', 'logs', '--level', 'error', '--json', '--home', home]);
  assert.ok(
    (JSON.parse(quiet.out) as { level: string | null }[]).every(({ level }) => level === 'error' || level === null),
  );
  const wrong = { exitCode: 2, code: 'command.usage', says: /loud.*debug/s, remedy: /Choose/ };
  await refused(['server', 'logs', '--level', 'loud', '--home', home], wrong);
});

test('the log is followed: what is written later is printed, each line once, until the reader leaves', async (t) => {
  const reader = spawn(process.execPath, [main, 'server', 'logs', '--follow', '--json', '--home', home]);
  t.after(() => reader.kill('SIGKILL'));
  let printed = '';
  reader.stdout.on('data', (piece) => (printed += String(piece)));
  const until = async (isSo: () => boolean): Promise<void> => {
    for (const atMs = performance.now(); !isSo() && performance.now() - atMs < 20_000;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(isSo(), printed);
  };
  await until(() => printed.endsWith('\n'));
  const { url } = await server('start');
  await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'followed-name', messages: [{ role: 'user', content: 'x' }] }),
  });
  await until(() => printed.includes('followed-name'));
  const places = printed
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { at: number }).at);
  assert.equal(new Set(places).size, places.length);
  const ended = new Promise((resolve) => reader.once('exit', resolve));
  reader.kill('SIGINT');
  assert.equal(await ended, 130);
});

test('a taken port is refused in words, is a state all see, and another port mends it', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  const port = String((other.address() as AddressInfo).port);
  const window = await client(t);
  const taken = { exitCode: 3, code: 'engine.port-taken', says: /is taken/, remedy: /another port/ };
  await refused(['server', 'start', '--port', port, '--home', home], taken);
  const failed = await server('status');
  assert.deepEqual([failed.state, failed.failure?.code], ['failed', 'engine.port-taken']);
  await allSee([window], failed);
  const words = await forge(['server', '--home', home]);
  assert.match(words.out.replace(/\s+/g, ' '), /failed: Port \d+ on 127\.0\.0\.1 is taken.* to do .*another port/);
  assert.equal((await server('start', '--port', '0')).state, 'serving');
  const open = { exitCode: 2, code: 'engine.not-loopback', says: /0\.0\.0\.0 only while/, remedy: /--required on/ };
  await refused(['server', 'start', '--host', '0.0.0.0', '--home', home], open);
});

test('watch prints every change once, and Ctrl-C leaves the server alone', async (t) => {
  await server('start');
  const child = spawn(process.execPath, [main, 'server', 'watch', '--home', home], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString('utf8')));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const until = async (what: RegExp): Promise<void> => {
    for (let tries = 0; !what.test(out); tries += 1) {
      assert.ok(tries < 500, out);
      await sleep(10);
    }
  };
  await until(/serving at http/);
  await server('stop');
  await until(/stopped\n/);
  await server('start');
  await until(/stopped\n(.*\n)*.*serving at http/);
  child.kill('SIGINT');
  assert.equal(await ended, 130);
  assert.equal(out.match(/support gives v2/g)?.length, 1);
  assert.equal((await server('status')).state, 'serving');
});

test('forge serve ends when the server is stopped elsewhere, and says so', async (t) => {
  const child = spawn(process.execPath, [main, 'serve', '--home', home], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let all = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (all += bytes.toString('utf8')));
  const ended = new Promise((resolve) => child.once('close', resolve));
  for (let tries = 0; !all.includes('Ctrl-C stops'); tries += 1) {
    assert.ok(tries < 500, all);
    await sleep(10);
  }
  await sleep(200);
  await server('stop');
  assert.equal(await ended, 4);
  assert.match(all, /stopped from somewhere else/);
});
