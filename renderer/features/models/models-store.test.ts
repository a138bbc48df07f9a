import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import type { ModelExportRequest } from '#contract/exports.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { ForgeError } from '#contract/errors.ts';
import { createEngineAccess } from '../../connection/engine-access.ts';
import { exportRequestOf } from './export-run.ts';
import { mainJobOf, serving, versions } from './fixtures.ts';
import { createModelsStore } from './models-store.ts';

function fakeEngine() {
  const seen = { lists: 0, calls: [] as string[], refuses: false, endless: false };
  let tell: (view: MainJobView) => void = () => undefined;
  async function* mainJobs(): AsyncGenerator<MainJobView> {
    yield mainJobOf({ state: 'running' });
    for (;;)
      yield await new Promise<MainJobView>((resolve) => {
        tell = resolve;
      });
  }
  async function* exported(request: ModelExportRequest, signal: AbortSignal | undefined) {
    yield { kind: 'progress' as const, text: 'Writing', fraction: 0.5, job: null };
    if (seen.endless)
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error())));
    if (!request.overwrite) throw new ForgeError('export.target-exists', { path: request.to });
    yield { kind: 'done' as const, export: { path: request.to } };
  }
  const client = {
    models: {
      list: async () => {
        seen.lists += 1;
        return versions;
      },
      export: async (request: ModelExportRequest, options?: { signal?: AbortSignal }) =>
        exported(request, options?.signal),
      remove: async () => {
        if (seen.refuses) throw new ForgeError('serving.busy', { running: 1, waiting: 0, retryAfterSeconds: 1 });
      },
    },
    deployments: { ollama: async () => ({ state: 'absent', host: '', reason: '' }) },
    mainJobs: { watchAll: async () => mainJobs() },
    serving: {
      watch: async () => (async function* () {})(),
      choose: async ({ version }: { version: number | null }) => {
        seen.calls.push(`choose ${version}`);
        return { ...serving, running: false };
      },
      start: async () => {
        seen.calls.push('start');
        return serving;
      },
    },
  };
  const engine = createEngineAccess();
  engine.onConnected(client as unknown as ForgeClient, new AbortController().signal);
  return { engine, seen, tell: (view: MainJobView) => tell(view) };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(isSo());
}

test('a main job that ends brings its version into the list', async () => {
  const { engine, seen, tell } = fakeEngine();
  const store = createModelsStore(engine);
  const stop = store.getState().open();
  await until(() => store.getState().mainJobs.size === 1 && seen.lists === 1);
  tell(mainJobOf({ state: 'succeeded' }));
  await until(() => seen.lists === 2);
  stop();
});

test('serving a version chooses it, and starts a server that stands still', async () => {
  const { engine, seen } = fakeEngine();
  const store = createModelsStore(engine);
  await store.getState().serve('support:v3', 3);
  assert.deepEqual(seen.calls, ['choose 3', 'start']);
  assert.equal(store.getState().serving?.running, true);
  assert.deepEqual(store.getState().work, {});
});

test('an export that was refused can be done over, and a running one can be broken off', async () => {
  const { engine, seen } = fakeEngine();
  const store = createModelsStore(engine);
  const request = exportRequestOf('support:v3', { format: 'gguf', type: null, to: '/out/a.gguf' });
  assert.ok(request);
  await store.getState().export(request);
  assert.equal(store.getState().exports['support:v3']?.kind, 'failed');
  await store.getState().export({ ...request, overwrite: true });
  assert.equal(store.getState().exports['support:v3']?.kind, 'done');
  seen.endless = true;
  const running = store.getState().export(request);
  await until(() => store.getState().exports['support:v3']?.kind === 'running');
  store.getState().endExport('support:v3');
  await running;
  assert.equal(store.getState().exports['support:v3'], undefined);
});

test('a version that could not be removed comes back into the list', async () => {
  const { engine, seen } = fakeEngine();
  const store = createModelsStore(engine);
  seen.refuses = true;
  store.getState().select('support:v3');
  store.getState().hide('support:v3');
  assert.equal(store.getState().selected, null);
  await assert.rejects(store.getState().remove('support:v3'));
  assert.equal(store.getState().hidden.size, 0);
});
