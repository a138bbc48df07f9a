import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EnvironmentStatus } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type { PythonEnvironments, SetupRequest } from '#core/environments/create-python-environments.ts';
import { createEnvironmentService, type EnvironmentService } from './environment-service.ts';

interface Setting {
  readonly service: EnvironmentService;
  readonly python: string;
  /** What was begun and ended, in order. */
  readonly happened: string[];
  /** Lets the installer of a stopped set-up end. */
  letGo(): void;
}

/** Environments whose set-up reports once and then hangs until it is stopped, when it still holds the folder for a while. */
async function setting(t: TestContext, hangs: boolean): Promise<Setting> {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-environment-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const python = path.join(folder, 'python');
  await writeFile(python, '');
  const happened: string[] = [];
  const held = Promise.withResolvers<void>();
  let first = hangs;
  const setUp = async (_profile: unknown, { signal, onProgress }: SetupRequest): Promise<EnvironmentStatus> => {
    happened.push('begun');
    onProgress({ profile: 'cpu', stage: 'uv', state: 'running', fraction: 0, text: 'looking' });
    if (first) {
      first = false;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      await held.promise;
      happened.push('let go');
      throw new ForgeError('environment.cancelled', { profile: 'cpu', stage: 'uv' });
    }
    return { state: 'ready' } as EnvironmentStatus;
  };
  const remove = async (): Promise<number> => (happened.push('removed'), 7);
  const workerCommand = async () => ({ command: python, args: [], env: {} });
  const status = async () => ({ state: 'ready' }) as EnvironmentStatus;
  const environments: PythonEnvironments = {
    ...{ setUp, repair: setUp, remove, workerCommand, status },
    removeOutdated: async () => [],
  };
  const service = createEnvironmentService({ environments, threads: 1, profileOfMachine: async () => 'cpu' });
  return { service, python, happened, letGo: () => held.resolve() };
}

async function toTheEnd(service: EnvironmentService): Promise<number> {
  let lines = 0;
  const signal = new AbortController().signal;
  for await (const line of service.setUp(null, { signal, anew: false })) lines += line.stage === 'uv' ? 1 : 0;
  return lines;
}

test('whoever stops a set-up and goes on at once waits for the old one, instead of being told that it runs', async (t) => {
  const { service, happened, letGo } = await setting(t, true);
  const stop = new AbortController();
  const stopped = service.setUp('cpu', { signal: stop.signal, anew: false });
  await stopped.next();
  stop.abort();
  await stopped.return(undefined);
  const again = toTheEnd(service);
  const gone = service.remove('cpu');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(happened, ['begun']);
  letGo();
  assert.equal(await again, 1);
  assert.equal(await gone, 7);
  assert.deepEqual(happened.slice(0, 2), ['begun', 'let go']);
});

test('workers start from what was set up, until its files are gone', async (t) => {
  const { service, python } = await setting(t, false);
  assert.deepEqual([service.isTakenUp('cpu'), service.isTakenUp(null)], [false, false]);
  await toTheEnd(service);
  assert.deepEqual([service.isTakenUp('cpu'), service.isTakenUp(null), service.isTakenUp('dev')], [true, true, false]);
  assert.equal(service.workerCommand('cpu').command, python);
  await rm(python);
  assert.throws(
    () => service.workerCommand('cpu'),
    (error) => error instanceof ForgeError && error.code === 'environment.not-ready',
  );
});
