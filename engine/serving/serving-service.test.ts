import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import type { ServingView } from '#contract/serving-state.ts';
import { FakeModelServer } from '#core/ports/fake-model-server.ts';
import type { LogFields, Logger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { homeLayout } from '../home-layout.ts';
import { createBuildStore } from '../main-job/build-store.ts';
import { writeReadyVersion } from '../models/ready-version-fixture.ts';
import { composeServing } from './compose-serving.ts';

const loopback = '127.0.0.1';
const messages = [{ role: 'user' as const, content: 'hello there' }];

interface Scene {
  /** Holds answers up between words. */
  readonly betweenWords?: () => Promise<void>;
  readonly home?: string;
}

/** The real service and HTTP server over a fake model; `support` has the versions 1 and 2. */
async function serve(t: TestContext, { betweenWords, home: given }: Scene = {}) {
  const home = given ?? (await mkdtemp(path.join(tmpdir(), 'forge-serving-')));
  const log: string[] = [];
  if (!given) {
    t.after(() => rm(home, { recursive: true, force: true }));
    for (const version of [1, 2]) await writeReadyVersion(home, 'support', version);
  }
  const layout = homeLayout(home);
  const parts = composeServing({
    store: createBuildStore(layout),
    settingsFile: layout.servingFile,
    secrets: createSecretStore({ home, own: {} }),
    startServer: () =>
      new FakeModelServer((_asked, model) => `from ${path.basename(path.dirname(model?.path ?? ''))}`, betweenWords),
    defaults: { host: loopback, port: 0 },
    clock: systemClock,
    logger: () => loggerTo(log),
  });
  t.after(async () => {
    await parts.serving.dispose();
    await parts.served.dispose();
  });
  return { home, log, ...parts };
}

function loggerTo(log: string[]): Logger {
  const write = (fields: LogFields, message: string): void => void log.push(JSON.stringify({ ...fields, message }));
  return { debug: write, info: write, warn: write, error: write };
}

/** What one client sees, until it is asked to stop. */
function follow(t: TestContext, watch: (signal: AbortSignal) => AsyncGenerator<ServingView>) {
  const control = new AbortController();
  const views: ServingView[] = [];
  const ended = (async () => {
    for await (const view of watch(control.signal)) views.push(view);
  })();
  t.after(async () => {
    control.abort();
    await ended;
  });
  return { views, last: () => views.at(-1) };
}

async function until(what: () => boolean, timeoutMs = 5_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!what()) {
    assert.ok(performance.now() < deadline, 'it did not happen in time');
    await sleep(10);
  }
}

function ask(url: string, model = 'support', headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages }),
  });
}

async function answerOf(url: string, model: string): Promise<string> {
  const body = (await (await ask(url, model)).json()) as { choices: { message: { content: string } }[] };
  return body.choices[0]?.message.content ?? '';
}

async function takenPort(t: TestContext): Promise<number> {
  const other = createServer().listen(0, loopback);
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  return (other.address() as AddressInfo).port;
}

test('two clients that toggle the server at once see the same, whoever asked', async (t) => {
  const { serving } = await serve(t);
  const [tray, page] = [follow(t, serving.watch), follow(t, serving.watch)];
  await until(() => tray.views.length > 0 && page.views.length > 0);
  const ends = await Promise.all([serving.start(), serving.stop(), serving.restart(), serving.start()]);
  assert.deepEqual(
    ends.map(({ state }) => state),
    ['serving', 'serving', 'serving', 'serving'],
    'each answers with what is true in the end',
  );
  const now = await serving.status();
  await until(() => tray.last()?.state === 'serving' && page.last()?.state === 'serving');
  await sleep(150);
  assert.deepEqual(tray.last(), now);
  assert.deepEqual(page.last(), now);
  const stopped = await serving.stop();
  await until(() => tray.last()?.state === 'stopped' && page.last()?.state === 'stopped');
  assert.deepEqual([stopped.url, stopped.running, page.last()?.port], [null, false, now.port]);
  assert.equal((await serving.start()).url, now.url, 'the same address as before, which clients know');
});

test('a taken port is a state with its remedy, the call rejects, and a start elsewhere mends it', async (t) => {
  const { serving } = await serve(t);
  const port = await takenPort(t);
  const client = follow(t, serving.watch);
  await assert.rejects(serving.start({ port }), { code: 'engine.port-taken' });
  const failed = await serving.status();
  assert.deepEqual([failed.state, failed.failure?.code, failed.port], ['failed', 'engine.port-taken', port]);
  assert.match(failed.failure?.remedy ?? '', /choose another port/);
  await until(() => client.last()?.state === 'failed');
  await assert.rejects(serving.restart(), { code: 'engine.port-taken' });
  const mended = await serving.start({ port: 0 });
  assert.deepEqual([mended.state, mended.failure], ['serving', null]);
  await assert.rejects(serving.start({ port }), { code: 'engine.port-taken' });
  assert.equal((await serving.stop()).state, 'stopped');
});

test('an address of another machine is refused in words', async (t) => {
  const { serving } = await serve(t);
  await serving.setKey({ required: true, renew: false });
  await assert.rejects(serving.start({ host: '203.0.113.7' }), { code: 'serving.address-not-usable' });
});

test('a server that dies by itself is failed with the reason, and can be started again', async (t) => {
  const { serving, served } = await serve(t);
  const died: ((reason: string) => void)[] = [];
  const { createServingService } = await import('./serving-service.ts');
  const { createServedCatalogue } = await import('./served-catalogue.ts');
  const { createServingSettings } = await import('./serving-settings.ts');
  const names = { servable: () => Promise.resolve([]), families: () => Promise.resolve([]) };
  const mortal = createServingService({
    ...{ served, clock: systemClock, logger: loggerTo([]), defaults: { host: loopback, port: 9 } },
    catalogue: createServedCatalogue(names, systemClock),
    settings: createServingSettings('/nowhere/serving.json'),
    servingKey: { read: () => Promise.resolve('k'), renew: () => Promise.resolve('k') },
    open: ({ host, port, onDied }) => {
      died.push(onDied);
      return Promise.resolve({ host, port, baseUrl: 'http://here/v1', close: () => Promise.resolve() });
    },
  });
  await mortal.start();
  died[0]?.('the socket was closed');
  await until(() => !mortal.isRunning());
  const { state, failure } = await mortal.status();
  assert.deepEqual([state, failure?.code], ['failed', 'serving.stopped-listening']);
  assert.equal((await mortal.start()).state, 'serving');
  await mortal.dispose();
  assert.equal(serving.isRunning(), false);
});

test('a model asked to leave memory while it answers ends its answer first, and the next request loads it again', async (t) => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { serving } = await serve(t, { betweenWords: () => gate });
  const { url } = await serving.start();
  const client = follow(t, serving.watch);
  const answer = answerOf(url ?? '', 'support');
  await until(() => client.last()?.state === 'busy' && client.last()?.servers[0]?.model != null);
  assert.deepEqual([client.last()?.answering, client.last()?.servers[0]?.name], [1, 'support:v2']);
  let isUnloaded = false;
  const unloading = serving.unload('support').then(() => (isUnloaded = true));
  await sleep(30);
  assert.equal(isUnloaded, false);
  open();
  assert.equal(await answer, 'from v2');
  await unloading;
  await until(() => client.last()?.state === 'serving' && client.last()?.servers[0]?.model === null);
  assert.equal(await answerOf(url ?? '', 'support:v1'), 'from v1');
  await assert.rejects(serving.unload('nobody'), { code: 'serving.unknown-model' });
  assert.equal((await serving.load('support')).servers[0]?.name, 'support:v2');
});

test('one choice switches what a bare name gives and one leads back, also for the next engine', async (t) => {
  const { serving, home } = await serve(t);
  const url = (await serving.start()).url ?? '';
  assert.deepEqual([await answerOf(url, 'support'), await answerOf(url, 'support:latest')], ['from v2', 'from v2']);
  const { families } = await serving.choose('support', 1);
  assert.deepEqual(families, [{ name: 'support', current: 1, pinned: true, previous: 2, versions: [1, 2] }]);
  assert.deepEqual([await answerOf(url, 'support'), await answerOf(url, 'support:v2')], ['from v1', 'from v2']);
  await writeReadyVersion(home, 'support', 3);
  const next = await serve(t, { home });
  assert.equal((await next.serving.status()).families[0]?.current, 1);
  const followed = await next.serving.choose('support', null);
  assert.deepEqual(followed.families, [
    { name: 'support', current: 3, pinned: false, previous: 1, versions: [1, 2, 3] },
  ]);
  for (const [name, version] of [
    ['support', 9],
    ['nobody', 1],
    ['nobody', null],
  ] as const)
    await assert.rejects(next.serving.choose(name, version), { code: 'serving.unknown-model' });
});

test('the key is asked for from the moment it is required, renewing ends the old one, and no log has it', async (t) => {
  const { serving, log } = await serve(t);
  const url = (await serving.start()).url ?? '';
  const statusWith = async (key?: string) =>
    (await ask(url, 'support', key === undefined ? {} : { authorization: `Bearer ${key}` })).status;
  assert.equal(await statusWith(), 200);
  assert.equal((await serving.setKey({ required: true, renew: false })).keyRequired, true);
  const { key, required } = await serving.key();
  assert.equal(required, true);
  assert.deepEqual([await statusWith(), await statusWith('forge-wrong'), await statusWith(key)], [401, 401, 200]);
  await serving.setKey({ required: true, renew: true });
  const renewed = (await serving.key()).key;
  assert.deepEqual([await statusWith(key), await statusWith(renewed)], [401, 200]);
  await serving.setKey({ required: false, renew: false });
  assert.equal(await statusWith(), 200);
  const told = `${log.join('\n')}${JSON.stringify([await serving.status(), serving.requests(200)])}`;
  assert.ok(log.length > 5);
  for (const secret of [key, renewed, 'hello there', 'from v2']) assert.equal(told.includes(secret), false);
});

test('beyond this machine it listens with a key only, and the key stays required while it does', async (t) => {
  const { serving } = await serve(t);
  await assert.rejects(serving.start({ host: '0.0.0.0' }), { code: 'engine.not-loopback', message: /need a key/ });
  assert.equal((await serving.status()).failure?.code, 'engine.not-loopback');
  await serving.setKey({ required: true, renew: false });
  const { url, host, port } = await serving.start({ host: '0.0.0.0' });
  assert.deepEqual([url, host], [`http://127.0.0.1:${port}/v1`, '0.0.0.0']);
  assert.equal((await ask(url ?? '')).status, 401);
  await assert.rejects(serving.setKey({ required: false, renew: false }), { code: 'engine.not-loopback' });
  assert.equal((await ask(url ?? '')).status, 401);
});

test('a damaged settings file keeps the server stopped and says which file, and nothing is written over', async (t) => {
  const { home } = await serve(t);
  const file = homeLayout(home).servingFile;
  await writeFile(file, '{"v":');
  const { serving } = await serve(t, { home });
  await assert.rejects(serving.start(), { code: 'engine.configuration-damaged' });
  const { state, failure, keyRequired } = await serving.status();
  assert.deepEqual([state, failure?.code, keyRequired], ['failed', 'engine.configuration-damaged', true]);
  assert.match(failure?.message ?? '', /serving\.json/);
  await assert.rejects(serving.setKey({ required: false, renew: false }), { code: 'engine.configuration-damaged' });
  assert.equal(await readFile(file, 'utf8'), '{"v":');
  await rm(file);
  assert.equal((await serving.start()).state, 'serving');
});

test('the address can be proved without a change of the state', async (t) => {
  const { serving } = await serve(t);
  await serving.checkAddress();
  assert.equal((await serving.status()).state, 'stopped');
});
