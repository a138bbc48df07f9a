import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { knownSecrets, servingKeySecret } from '#contract/known-secrets.ts';
import { secretView } from '#contract/secrets.ts';
import { hubSecret } from '#native-bridge/hub/hub-repository.ts';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { createSecretService } from './secret-service.ts';

const root = await mkdtemp(join(tmpdir(), 'forge-secret-service-'));
after(() => rm(root, { recursive: true, force: true }));

async function service(own: Record<string, string> = {}) {
  const store = createSecretStore({ home: await mkdtemp(join(root, 'home-')), own, platform: 'linux' });
  return { store, secrets: createSecretService(store) };
}

test('what is set is listed with its place and without its value, and is forgotten again', async () => {
  const { store, secrets } = await service();
  const before = (await secrets.list()).find(({ name }) => name === 'hf_token');
  assert.deepEqual([before?.hasValue, before?.keptIn], [false, null]);
  const set = await secrets.set('hf_token', 'hf_abcdefghijklmnop');
  assert.deepEqual([set.hasValue, set.origin, set.keptIn], [true, 'store', 'file secrets.json (0600, not encrypted)']);
  assert.equal(await store.read('hf_token'), 'hf_abcdefghijklmnop');
  assert.doesNotMatch(JSON.stringify([set, await secrets.list()]), /hf_abc/);
  assert.deepEqual(secretView.strict().parse(set), set);
  const removed = await secrets.remove('hf_token');
  assert.deepEqual([removed.removed, removed.hasValue], [true, false]);
  assert.equal((await secrets.remove('hf_token')).removed, false);
});

test('the environment wins, and removing says that its value stays', async () => {
  const { secrets } = await service({ FORGE_SECRET_HF_TOKEN: 'from-environment' });
  const set = await secrets.set('hf_token', 'from-store');
  assert.deepEqual([set.origin, set.keptIn], ['environment', 'variable FORGE_SECRET_HF_TOKEN of the engine']);
  const removed = await secrets.remove('hf_token');
  assert.deepEqual([removed.removed, removed.hasValue, removed.origin], [true, true, 'environment']);
});

test('an unknown name is refused without being repeated: it may be the token itself', async () => {
  const { secrets } = await service();
  const refusal = (error: unknown): boolean => {
    assert.ok(error instanceof ForgeError && error.code === 'secret.unknown', String(error));
    assert.match(error.message, /Known are: hf_token/);
    assert.doesNotMatch(JSON.stringify({ ...error, message: error.message }), /qwertz/);
    return true;
  };
  await assert.rejects(secrets.set('hf_qwertzuiop', 'x'), refusal);
  await assert.rejects(secrets.remove('hf_qwertzuiop'), refusal);
});

test('every known secret is one that something reads', () => {
  assert.deepEqual(
    knownSecrets.map(({ name }) => name).filter((name) => !name.startsWith('provider_')),
    [hubSecret, servingKeySecret],
  );
});
