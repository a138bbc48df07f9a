import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { VersionChoice } from '#core/serving/version-choice.ts';
import { homeLayout } from '../home-layout.ts';
import { createBuildStore } from '../main-job/build-store.ts';
import { createModelRegistry } from './model-registry.ts';
import { writeReadyVersion } from './ready-version-fixture.ts';

async function registryOf(t: TestContext, versions: readonly [string, number][]) {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-registry-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  for (const [name, version] of versions) await writeReadyVersion(home, name, version);
  const choices = new Map<string, VersionChoice>();
  const registry = createModelRegistry(createBuildStore(homeLayout(home)), () => Promise.resolve(choices));
  const names = async () =>
    Object.fromEntries(
      (await registry.servable()).map(({ name, path: file }) => [name, path.basename(path.dirname(file))]),
    );
  return { home, choices, registry, names };
}

test('each version is served under its own name, the newest under the bare name and latest as well', async (t) => {
  const { names, registry } = await registryOf(t, [
    ['support', 1],
    ['support', 2],
    ['constructor', 1],
  ]);
  assert.deepEqual(await names(), {
    'support:v1': 'v1',
    'support:v2': 'v2',
    support: 'v2',
    'support:latest': 'v2',
    'constructor:v1': 'v1',
    constructor: 'v1',
    'constructor:latest': 'v1',
  });
  assert.equal((await registry.find('support')).view.version, 2);
});

test('a chosen version is what the bare name gives, everywhere, until it is gone', async (t) => {
  const { names, registry, choices } = await registryOf(t, [
    ['support', 1],
    ['support', 2],
  ]);
  choices.set('support', { version: 1, previous: 2, current: 1 });
  const { support, 'support:latest': latest, 'support:v2': second } = await names();
  assert.deepEqual([support, latest, second], ['v1', 'v1', 'v2']);
  assert.equal((await registry.find('support:latest')).view.version, 1);
  assert.deepEqual(await registry.families(), [
    { name: 'support', current: 1, pinned: true, previous: 2, versions: [1, 2] },
  ]);
  await registry.remove('support:v1');
  assert.equal((await names())['support'], 'v2');
  assert.deepEqual(await registry.families(), [
    { name: 'support', current: 2, pinned: false, previous: null, versions: [2] },
  ]);
});
