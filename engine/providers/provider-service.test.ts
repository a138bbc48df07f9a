import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { knownSecrets, providerSecret } from '#contract/known-secrets.ts';
import { providerTest, providerView } from '#contract/providers.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { startFakeCloud } from '../../tests/fixtures/fake-cloud.ts';
import { createSecretService } from '../secrets/secret-service.ts';
import { composeProviders } from './compose-providers.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-providers-'));
const appDirectory = path.join(import.meta.dirname, '..', '..');
const fake = await startFakeCloud({ key: 'sk-right-one' });
after(async () => {
  await fake.close();
  await rm(root, { recursive: true, force: true });
});

async function world(isOffline = false) {
  const home = await mkdtemp(path.join(root, 'home-'));
  const store = createSecretStore({ home, own: {} });
  const outbound = createOutbound({ home, isOffline: () => isOffline });
  const { providers } = composeProviders({
    home,
    appDirectory,
    outbound,
    secrets: store,
    monotonicMs: () => performance.now(),
  });
  const secrets = createSecretService(store, () => providers.ownSecrets());
  return { home, providers, secrets, store };
}

const own = {
  ...{ id: 'my-server', name: 'My server', format: 'openai-compatible' as const, needsKey: true },
  ...{ address: fake.address('openai-compatible'), models: ['fake-large', 'fake-large'] },
};
const code = (wanted: string) => (error: unknown) => {
  assert.ok(error instanceof ForgeError, String(error));
  assert.equal(error.code, wanted, error.message);
  return true;
};

test('the four built-in providers have models with prices, a place to get a key, and a known secret', async () => {
  const { providers } = await world();
  const list = await providers.list();
  assert.deepEqual(
    list.map(({ id }) => id),
    ['openai', 'anthropic', 'google', 'openrouter'],
  );
  for (const provider of list) {
    providerView.parse(provider);
    assert.ok(provider.models.length > 0 && provider.keySource !== null && !provider.hasKey);
    assert.ok(knownSecrets.some(({ name }) => name === providerSecret(provider.id)));
    for (const model of provider.models) assert.equal((await providers.pricing(provider.id, model)).kind, 'priced');
  }
  assert.equal((await providers.pricing('openai', 'a-model-nobody-lists')).kind, 'unknown');
});

test('an own provider is kept, its key is set under its name, tested, and both go when it is removed', async () => {
  const { home, providers, secrets } = await world();
  const saved = await providers.save(own);
  assert.deepEqual([saved.models, saved.hasKey, saved.isBuiltIn], [['fake-large'], false, false]);
  const missing = await providers.test('my-server');
  assert.deepEqual([missing.ok, missing.models], [false, []]);
  assert.match(missing.text, /needs a key.*forge secrets set provider_my_server/s);

  assert.equal((await secrets.set('provider_my-server', 'sk-wrong-one')).name, 'provider_my_server');
  assert.match((await providers.test('my-server')).text, /refused the key/);
  await secrets.set('provider_my_server', 'sk-right-one');
  const tested = providerTest.parse(await providers.test('my-server'));
  assert.deepEqual([tested.ok, tested.models], [true, ['fake-large', 'fake-small']]);
  const told = JSON.stringify([await providers.list(), await secrets.list(), tested]);
  assert.ok(told.includes('provider_my_server') && !told.includes('sk-right'));
  assert.doesNotMatch(await readFile(path.join(home, 'providers.json'), 'utf8'), /sk-right/);
  assert.equal((await providers.pricing('my-server', 'fake-large')).kind, 'free');

  assert.deepEqual(await providers.remove('my-server'), { removed: true });
  assert.deepEqual(await providers.remove('my-server'), { removed: false });
  assert.doesNotMatch(await readFile(path.join(home, 'secrets.json'), 'utf8'), /sk-right/);
  await assert.rejects(secrets.set('provider_my_server', 'x'), code('secret.unknown'));
});

test('a key is not carried over to another host', async () => {
  const { providers, secrets } = await world();
  await providers.save(own);
  await secrets.set('provider_my_server', 'sk-right-one');
  assert.equal((await providers.save({ ...own, name: 'Renamed' })).hasKey, true);
  assert.equal((await providers.save({ ...own, address: 'https://elsewhere.example/v1' })).hasKey, false);
});

test('addresses: https, or http on this machine; nothing with a password, a query or another scheme', async () => {
  const { providers } = await world();
  const saved = async (address: string) => (await providers.save({ ...own, address })).address;
  assert.equal(await saved(' https://models.example/v1/ '), 'https://models.example/v1');
  assert.equal(await saved('http://localhost:8080/'), 'http://localhost:8080');
  const bad = [
    'http://models.example/v1',
    'ftp://models.example',
    'models.example',
    'https://me:pw@models.example',
    'https://a.example/?key=1',
    'file:///etc/passwd',
    '',
  ];
  for (const address of bad)
    await assert.rejects(providers.save({ ...own, address }), (error) => {
      assert.ok(error instanceof ForgeError && error.code === 'provider.bad-address', address);
      return !error.message.includes('me:pw');
    });
  await assert.rejects(providers.save({ ...own, id: 'openai' }), code('provider.built-in'));
});

test('offline, a provider elsewhere is not tested, and the answer says why', async () => {
  const { providers, secrets } = await world(true);
  await secrets.set('provider_openai', 'sk-right-one');
  const tested = await providers.test('openai');
  assert.equal(tested.ok, false);
  assert.match(tested.text, /offline/);
  await assert.rejects(providers.test('nobody'), code('provider.unknown'));
});

test('a damaged file is told by name', async () => {
  const { home, providers } = await world();
  await writeFile(path.join(home, 'providers.json'), '{"v":1,"providers":[{"id":"../x"}]}');
  await assert.rejects(providers.list(), code('provider.file-damaged'));
});
