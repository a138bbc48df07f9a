import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { createServingKey } from './serving-key.ts';

async function keyIn(t: TestContext, own: Record<string, string> = {}) {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-serving-key-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  return { home, key: createServingKey(createSecretStore({ home, own })) };
}

test('the key is made once, also by two who ask at once, and stays the same for the next engine', async (t) => {
  const { home, key } = await keyIn(t);
  const [first, second] = await Promise.all([key.read(), key.read()]);
  assert.match(first, /^forge-[A-Za-z0-9]{32}$/);
  assert.equal(second, first);
  assert.equal(await createServingKey(createSecretStore({ home, own: {} })).read(), first);
  assert.match(await readFile(path.join(home, 'secrets.json'), 'utf8'), /"serving_key": "forge-/);
});

test('a renewed key is another one', async (t) => {
  const { key } = await keyIn(t);
  const old = await key.read();
  const renewed = await key.renew();
  assert.notEqual(renewed, old);
  assert.equal(await key.read(), renewed);
});

test('a key of the environment is used and not renewed', async (t) => {
  const { key } = await keyIn(t, { FORGE_SECRET_SERVING_KEY: 'mine' });
  assert.equal(await key.read(), 'mine');
  await assert.rejects(key.renew(), { code: 'serving.key-from-environment' });
});
