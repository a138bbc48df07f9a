// Runs whose trainings are the fake one's (tests/fixtures/runs-engine.ts): as fast, as slow and as broken as a test asks for.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { MainJobView } from '#contract/main-job.ts';
import { expect, type Setting, type WindowEngine } from './fixtures.ts';

/** The process of the engine under test. */
export let server: ChildProcess;

export const fakeWorkers: Setting['begin'] = async (home, t) => {
  server = fork(path.join(import.meta.dirname, '..', 'fixtures', 'runs-engine.ts'), [home], {
    env: { ...process.env, FORGE_NETWORK_OFFLINE: 'true', FORGE_SERVER_PORT: '0', OLLAMA_HOST: 'http://127.0.0.1:9' },
  });
  const ended = once(server, 'exit');
  t.after(async () => {
    if (server.exitCode === null && server.connected) server.disconnect();
    await ended;
  });
  expect((await once(server, 'message'))[0]).toBe('ready');
  return {};
};

const dataset = path.join(import.meta.dirname, '..', 'fixtures', 'own-datasets', 'shop-mails.csv');
export const quick = { steps: 30, stepMs: 10, story: true };
export const endless = { steps: 2000, stepMs: 40, checkpointEvery: 10, story: true };

/** Asks for a main job whose fake training does this. */
export async function begin(engine: WindowEngine, name: string, training: object): Promise<MainJobView> {
  const systemPrompt = JSON.stringify(training);
  const request = { name, dataset, systemPrompt, export: true, deployToOllama: 'auto' as const };
  return engine.withClient((client) => client.mainJobs.start({ request, requestId: crypto.randomUUID() }));
}

export async function until(engine: WindowEngine, id: string, state: MainJobView['state']): Promise<void> {
  await engine.withClient(async (client) => {
    await expect.poll(async () => (await client.mainJobs.get({ id })).state, { timeout: 30_000 }).toBe(state);
  });
}

/** Leaves the engine without work, whatever a test left. */
export async function clear(engine: WindowEngine): Promise<void> {
  await engine.withClient(async (client) => {
    const active = (await client.mainJobs.list()).filter(({ state }) => state === 'waiting' || state === 'running');
    for (const { id } of active.toSorted((one) => (one.state === 'waiting' ? -1 : 1)))
      await client.mainJobs.cancel({ id, requestId: crypto.randomUUID() });
  });
}
