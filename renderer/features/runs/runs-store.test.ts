import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import type { ForgeClient } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { createEngineAccess } from '../../connection/engine-access.ts';
import { FakeRuns } from './fake-runs.ts';
import { mainJobFixture, runEvents, succeededFixture, waitingFixture, workerFixture } from './fixtures.ts';
import { createRunStore } from './run-store.ts';
import { createRunsStore } from './runs-store.ts';

async function* endless<T>(values: readonly T[], signal: AbortSignal): AsyncGenerator<T> {
  yield* values;
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

const notThere = new ForgeError('engine.not-found', { kind: 'run', id: 'nowhere', command: 'runs' });

function answerFor(id: string): MainJobView {
  if (id === 'old-v1') return mainJobFixture({ name: 'old', version: 1, state: 'failed' });
  throw notThere;
}

/** Two connections' worth of an engine: what was asked of it is written down. */
function fakeEngine(jobs: readonly unknown[] = [waitingFixture('a', 1), succeededFixture]) {
  const asked: [string, unknown][] = [];
  const answer =
    (name: string, value: (input: never) => unknown) =>
    async (input: never): Promise<unknown> => {
      asked.push([name, input]);
      return value(input);
    };
  const client = {
    mainJobs: {
      list: async () => jobs,
      watchAll: async (_: undefined, { signal }: { signal: AbortSignal }) => endless([mainJobFixture()], signal),
      move: answer('move', () => waitingFixture('a', 2)),
      cancel: answer('cancel', () => mainJobFixture({ name: 'a', version: 1, state: 'cancelled' })),
      resume: answer('resume', () => waitingFixture('a', 1)),
      remove: answer('remove', () => ({ removed: 'support:v2', freedBytes: 1 })),
      get: answer('get', ({ id }: { id: string }) => answerFor(id)),
    },
    jobs: {
      watch: async (_: undefined, { signal }: { signal: AbortSignal }) => endless([workerFixture()], signal),
      get: answer('jobs.get', () => Promise.reject(notThere)),
      pause: answer('pause', () => workerFixture({ state: 'pausing' })),
    },
    drafts: { save: answer('drafts.save', ({ draft }: { draft: object }) => draft) },
  } as unknown as ForgeClient;
  return { client, asked };
}

function connect(client: ForgeClient) {
  const engine = createEngineAccess();
  const connection = new AbortController();
  engine.onConnected(client, connection.signal);
  return { engine, connection };
}

test('the list and every change of it arrive; nothing is known before', async () => {
  const engine = createEngineAccess();
  const store = createRunsStore(engine);
  assert.equal(store.getState().isLoaded, false);
  engine.onConnected(fakeEngine().client, new AbortController().signal);
  await wait(80);
  const { isLoaded, mainJobs, workers } = store.getState();
  assert.deepEqual(
    [isLoaded, [...mainJobs.keys()], [...workers.keys()]],
    [true, ['a-v1', 'support-v2', 'support-v3'], ['job-train']],
  );
});

test('after a reconnection the list is what the engine has then: what was removed meanwhile is gone', async () => {
  const { engine, connection } = connect(fakeEngine().client);
  const store = createRunsStore(engine);
  await wait(60);
  connection.abort();
  engine.onConnected(fakeEngine([]).client, new AbortController().signal);
  await wait(60);
  assert.deepEqual([...store.getState().mainJobs.keys()], ['support-v3']);
});

test('what a person does is asked of the engine and seen at once', async () => {
  const { client, asked } = fakeEngine();
  const store = createRunsStore(connect(client).engine);
  await wait(60);
  const state = store.getState();
  await state.move('a-v1', null);
  assert.equal(store.getState().mainJobs.get('a-v1')?.queuePosition, 2);
  await state.cancel('a-v1');
  assert.equal(store.getState().mainJobs.get('a-v1')?.state, 'cancelled');
  await state.pauseWorker('job-train');
  assert.equal(store.getState().workers.get('job-train')?.state, 'pausing');
  await state.remove('support-v2');
  assert.equal(store.getState().mainJobs.has('support-v2'), false);
  assert.deepEqual(
    asked.map(([name, input]) => [name, Object.keys(input as object).includes('requestId')]),
    [
      ['move', true],
      ['cancel', true],
      ['pause', true],
      ['remove', true],
    ],
  );
  assert.equal((asked.at(-1)?.[1] as { id: string } | undefined)?.id, 'support-v2');
  assert.equal(store.getState().endings, 2, 'a cancelled and a removed one');
});

test('one that was taken out goes back before the one that came after it, or to where the queue ends', async () => {
  const { client, asked } = fakeEngine([waitingFixture('a', 1), waitingFixture('b', 2)]);
  const store = createRunsStore(connect(client).engine);
  await wait(60);
  const { putBack } = store.getState();
  await putBack('a-v1', 'b-v1');
  await putBack('a-v1', 'gone-v1');
  await putBack('a-v1', null);
  assert.deepEqual(
    asked.map(([name, input]) => `${name} ${(input as { before?: string }).before ?? ''}`.trim()),
    ['resume', 'move b-v1', 'resume', 'resume'],
  );
});

test('a run that is not among the newest is asked for by its address; one that is nowhere is missing', async () => {
  const store = createRunsStore(connect(fakeEngine([]).client).engine);
  await wait(60);
  await store.getState().lookUp('old-v1');
  await store.getState().lookUp('nowhere');
  const { mainJobs, missing } = store.getState();
  assert.deepEqual([mainJobs.get('old-v1')?.state, [...missing]], ['failed', ['nowhere']]);
});

test('a repetition starts as a draft with what was asked for, at its plan', async () => {
  const { client, asked } = fakeEngine([
    { ...succeededFixture, request: { ...succeededFixture.request, dataset: 'C:\\data\\Größe 90%.csv' } },
  ]);
  const store = createRunsStore(connect(client).engine);
  await wait(60);
  const id = await store.getState().duplicate('support-v2');
  const [[, saved] = []] = asked;
  const { draft } = saved as {
    draft: { id: string; step: string; datasetLabel: string; request: { base: string } };
  };
  assert.deepEqual(
    [draft.id, draft.step, draft.datasetLabel, draft.request.base],
    [id, 'plan', 'Größe 90%.csv', 'smollm2-135m-instruct'],
  );
  assert.match(id, /^[a-z0-9-]{8,40}$/);
});

test('a run is read once for all who look at it and let go by the last', async () => {
  const fake = new FakeRuns();
  fake.log.push(...runEvents({ steps: 20 }));
  const store = createRunStore(connect(fake.client).engine);
  const closeFirst = store.getState().open('job');
  const closeSecond = store.getState().open('job');
  assert.equal(store.getState().runs['job']?.status, 'loading');
  await wait(30);
  assert.equal(store.getState().runs['job']?.status, 'ended');
  assert.equal(store.getState().runs['job']?.series.loss.length, 20);
  assert.deepEqual(fake.subscribedAfter, [fake.log.length]);
  closeFirst();
  closeFirst();
  assert.notEqual(store.getState().runs['job'], undefined);
  closeSecond();
  assert.equal(store.getState().runs['job'], undefined);
});
