import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { ForgeClient } from '#contract/client.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';
import { createServerStore, logFileIn } from './server-store.ts';

/** A server that notes what it is asked; `refuse` is thrown by `start`. */
function fakeEngine({ refuse }: { readonly refuse?: Error } = {}) {
  const asked: string[] = [];
  const note =
    (name: string, ...fields: readonly string[]) =>
    async (input: Readonly<Record<string, unknown>> = {}) => {
      asked.push([name, ...fields.map((field) => `${field}=${String(input[field])}`)].join(' '));
      if (name === 'start' && refuse !== undefined) throw refuse;
      return name === 'key' ? { key: 'forge-secret', required: false } : {};
    };
  const client = {
    serving: {
      start: note('start', 'host', 'port'),
      stop: note('stop'),
      key: note('key'),
      setKey: note('setKey', 'required', 'renew'),
      choose: note('choose', 'name', 'version'),
    },
    settings: { set: note('set', 'key', 'value') },
  } as unknown as ForgeClient;
  const engine = { call: (work: (client: ForgeClient) => Promise<unknown>) => work(client) } as unknown as EngineAccess;
  return { store: createServerStore(engine), asked };
}

const taken = new ForgeError('engine.port-taken', { port: 18_794, host: '127.0.0.1' });

test('a new port is kept in the settings only after the server came up there', async () => {
  const good = fakeEngine();
  assert.equal(await good.store.getState().listenAt({ port: 18_794 }), true);
  assert.deepEqual(good.asked, ['start host=null port=18794', 'set key=server.port value=18794']);

  const bad = fakeEngine({ refuse: taken });
  assert.equal(await bad.store.getState().listenAt({ port: 18_794 }), false);
  assert.deepEqual(bad.asked, ['start host=null port=18794']);
  assert.equal(bad.store.getState().busy.size, 0);
  assert.ok(bad.store.getState().failure !== null);
});

test('the key goes through and stays nowhere in the store', async () => {
  const { store } = fakeEngine();
  assert.equal(await store.getState().readKey(), 'forge-secret');
  assert.ok(!JSON.stringify(store.getState()).includes('forge-secret'));
});

test('a second press on the same switch is not heard while the first is on its way', async () => {
  const { store, asked } = fakeEngine();
  const { start } = store.getState();
  const results = await Promise.all([start(), start()]);
  assert.deepEqual([results, asked.length], [[true, false], 1]);
});

test('requiring the key comes before starting, when both are the remedy', async () => {
  const { store, asked } = fakeEngine();
  await store.getState().requireKeyAndStart();
  assert.deepEqual(asked, ['setKey required=true renew=undefined', 'start host=undefined port=undefined']);
});

test('the log is named in the way the system of the engine writes paths', () => {
  assert.equal(logFileIn('/home/mia/.forge'), '/home/mia/.forge/logs/engine.log');
  assert.equal(logFileIn('C:\\Users\\Mia\\forge'), 'C:\\Users\\Mia\\forge\\logs\\engine.log');
});
