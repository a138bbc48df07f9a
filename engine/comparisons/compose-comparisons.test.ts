import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { BaseModelView } from '#contract/base-models.ts';
import { keptRow } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { FakeModelServer } from '#core/ports/fake-model-server.ts';
import { FakeOllama } from '#core/ports/fake-ollama.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { createSecretStore } from '#native-bridge/secrets/create-secret-store.ts';
import { startFakeCloud, type FakeCloudMode } from '../../tests/fixtures/fake-cloud.ts';
import { homeLayout } from '../home-layout.ts';
import { createBuildStore } from '../main-job/build-store.ts';
import { composeProviders } from '../providers/compose-providers.ts';
import { ended, watchToEnd } from './comparison-fixture.ts';
import { composeComparisons } from './compose-comparisons.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-compared-'));
const appDirectory = path.join(import.meta.dirname, '..', '..');
const fake = await startFakeCloud({ slowMs: 5, answer: (prompt) => `cloud says ${prompt}` });
after(async () => {
  await fake.close();
  await rm(root, { recursive: true, force: true });
});

const typed = (...prompts: string[]) => ({ kind: 'typed' as const, prompts });
const version = { kind: 'local' as const, model: 'support:v3' };
const hosted = { kind: 'cloud' as const, provider: 'fakery', model: 'narwhal-2' };
const baseView: BaseModelView = {
  ...{ id: 'tiny-base', name: 'Tiny base', state: 'ready', origin: 'a file on this disk', isOwn: true, facts: null },
  ...{ licence: null, gated: false, sizeBytes: 1, memory: null, bestUse: null, aliases: [] },
  files: { kind: 'gguf', path: path.join(root, 'base.gguf') },
};
await writeFile(path.join(root, 'base.gguf'), 'GGUF');

/** Everything real but the models: a home on the disk, providers, the ledgered client, a cloud over HTTP. */
async function world(mode: FakeCloudMode = 'ok', isOffline = false) {
  const home = await mkdtemp(path.join(root, 'home-'));
  const store = createBuildStore(homeLayout(home));
  const secrets = createSecretStore({ home, own: {} });
  const outbound = createOutbound({ home, isOffline: () => isOffline, isInside: () => false });
  const monotonicMs = () => systemClock.monotonicMs();
  const { providers, cloud } = composeProviders({ home, appDirectory, outbound, secrets, monotonicMs });
  const address = fake.address('anthropic', mode);
  await providers.save({
    id: 'fakery',
    name: 'Fakery',
    format: 'anthropic',
    address,
    models: ['narwhal-2'],
    needsKey: true,
  });
  const ollama = new FakeOllama(({ messages }) => ({
    ...{ text: `ollama says ${messages.at(-1)?.content ?? ''}`, promptTokens: 3, completionTokens: 3 },
  }));
  const model = {
    name: 'llama:latest',
    ggufPath: 'x',
    contextTokens: 1,
    modelfile: { family: '', template: '', system: null, stop: [] },
  };
  ollama.models.set(model.name, model);
  const server = new FakeModelServer((messages) => `${messages.at(-1)?.content ?? ''} <b>locally</b>`);
  const servable = [
    { name: 'support:v3', path: 'support.gguf', createdAtMs: 1 },
    { name: 'support:latest', path: 'support.gguf', createdAtMs: 1 },
  ];
  const composed = composeComparisons({
    ...{ home, store, ollama, providers, cloud, clock: systemClock },
    registry: { servable: () => Promise.resolve(servable) },
    bases: { list: () => Promise.resolve([baseView]) },
    isOffline: () => isOffline,
    startServer: () => server,
    logger: () => silentLogger,
  });
  return { ...composed, home, secrets, server, ollama };
}

test('one local and one cloud model, blind: vote, edit, keep; the kept pair is on the disk', async () => {
  const { comparisons, secrets, home } = await world('slow');
  await secrets.write('provider_fakery', 'sk-secret-key');
  const { id } = await comparisons.start({ models: [version, hosted], prompts: typed('hello there') }, 'request-1');
  const events = await watchToEnd(comparisons, id);
  assert.doesNotMatch(JSON.stringify(events), /support|narwhal|fakery|sk-secret/i);
  const [turn] = (await comparisons.turns(id, { offset: 0, limit: 1 })).turns;
  assert.deepEqual(
    turn?.answers.map(({ state }) => state),
    ['done', 'done'],
  );
  assert.deepEqual(turn?.answers.map(({ text }) => text).toSorted(), [
    'cloud says hello there',
    'hello there <b>locally</b>',
  ]);
  assert.ok(
    turn?.answers.every(
      ({ usage, firstTokenMs, totalMs, costUsd }) =>
        usage && firstTokenMs !== null && totalMs !== null && costUsd === null,
    ),
  );

  const pane = turn?.answers.findIndex(({ text }) => text.includes('locally')) ?? 0;
  const voted = await comparisons.vote(id, 0, { pane });
  assert.deepEqual(voted.answers.map(({ label }) => label).toSorted(), ['narwhal-2 (Fakery)', 'support:v3']);
  await comparisons.edit(id, 0, { pane, text: 'hello, locally' });
  const { path: file } = await comparisons.keep(id, 0, { as: 'preference', rejectedPane: 1 - pane });
  const row = keptRow.parse(JSON.parse((await readFile(file, 'utf8')).trim()));
  assert.deepEqual(row.kind === 'preference' && [row.chosen.at(-1)?.content, row.rejected.at(-1)?.content], [
    'hello, locally',
    'cloud says hello there',
  ]);
  assert.equal(file, path.join(home, 'datasets', 'kept', 'preferences.jsonl'));
  const ledger = await readFile(path.join(home, 'logs', 'network.jsonl'), 'utf8');
  assert.match(ledger, /asking Fakery/);
  assert.doesNotMatch(ledger, /sk-secret|hello there/);
});

test('every model that could be compared is listed, those that are not ready with what to do', async () => {
  const { comparableModels, secrets } = await world();
  const listed = await comparableModels.list();
  const label = (wanted: string) => listed.find((one) => one.label === wanted);
  assert.deepEqual([label('support:v3')?.place, label('support:v3')?.obstacle], ['on this machine', null]);
  assert.equal(label('support:latest'), undefined);
  assert.deepEqual(label('Tiny base')?.model, { kind: 'local', model: 'tiny-base' });
  assert.equal(label('llama:latest (Ollama)')?.place, 'Ollama');
  assert.match(label('narwhal-2 (Fakery)')?.obstacle ?? '', /forge secrets set provider_fakery/);
  await secrets.write('provider_fakery', 'sk-secret-key');
  const ready = (await comparableModels.list()).find((one) => one.label === 'narwhal-2 (Fakery)');
  assert.equal(ready?.obstacle, null);
});

test('a comparison with a model that cannot answer is refused with the reason, before anything is made', async () => {
  const { comparisons } = await world();
  const refuses = async (model: Parameters<typeof comparisons.start>[0]['models'][number], wanted: string) =>
    assert.rejects(
      comparisons.start({ models: [version, model], prompts: typed('x') }, 'request-1'),
      (error) => error instanceof ForgeError && error.code === wanted,
    );
  await refuses(hosted, 'provider.key-missing');
  await refuses({ kind: 'cloud', provider: 'nobody', model: 'm' }, 'provider.unknown');
  await refuses({ kind: 'local', model: 'gone:v1' }, 'serving.unknown-model');
  await refuses({ kind: 'ollama', model: 'gone' }, 'serving.unknown-model');
  assert.deepEqual(await comparisons.list(), []);
});

test('offline, a cloud elsewhere is refused at once', async () => {
  const { comparisons, secrets, comparableModels } = await world('ok', true);
  await secrets.write('provider_openai', 'sk-secret-key');
  const openai = { kind: 'cloud' as const, provider: 'openai', model: 'gpt-5.4-mini' };
  await assert.rejects(
    comparisons.start({ models: [version, openai], prompts: typed('x') }, 'request-1'),
    (error) => error instanceof ForgeError && error.code === 'network.offline',
  );
  const listed = (await comparableModels.list()).find(({ model }) => JSON.stringify(model) === JSON.stringify(openai));
  assert.match(listed?.obstacle ?? '', /offline/);
});

for (const [mode, wanted] of [
  ['bad-key', 'provider.key-refused'],
  ['cut-off', 'provider.cut-off'],
] as const) {
  test(`a cloud that is ${mode} leaves the local pane and Ollama their answers`, async () => {
    const { comparisons, secrets } = await world(mode);
    await secrets.write('provider_fakery', 'sk-secret-key');
    const models = [version, hosted, { kind: 'ollama' as const, model: 'llama:latest' }];
    const { id } = await comparisons.start(
      { models, prompts: typed('hi you'), settings: { blind: false } },
      'request-1',
    );
    await ended(comparisons, id);
    const [turn] = (await comparisons.turns(id, { offset: 0, limit: 1 })).turns;
    assert.deepEqual(
      turn?.answers.map(({ state }) => state),
      ['done', 'failed', 'done'],
    );
    assert.equal(turn?.answers[1]?.failure?.code, wanted);
    assert.equal(turn?.answers[2]?.text, 'ollama says hi you');
  });
}

test('a model that does not fit beside another takes its place', async () => {
  const { comparisons, server } = await world();
  let refusals = 0;
  const load = server.load.bind(server);
  server.load = (model) => {
    if (model.path.endsWith('base.gguf') && refusals === 0) {
      refusals += 1;
      const detail = { path: model.path, neededMegabytes: 9, freeMegabytes: 1 };
      return Promise.reject(new ForgeError('serving.not-enough-memory', detail));
    }
    return load(model);
  };
  const models = [version, { kind: 'local' as const, model: 'tiny-base' }];
  const { id } = await comparisons.start({ models, prompts: typed('hi'), settings: { blind: false } }, 'request-1');
  await ended(comparisons, id);
  const [turn] = (await comparisons.turns(id, { offset: 0, limit: 1 })).turns;
  assert.deepEqual([turn?.answers.map(({ state }) => state), refusals], [['done', 'done'], 1]);
});
