import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { fakeEngine, settled, streamOf } from '../create/fake-engine.ts';
import { baseModels } from '../create/fixtures.ts';
import { environment, finding, machine } from './fixtures.ts';
import { fixFor } from './first-fix.ts';
import { trainableWith } from './trainable.ts';
import { createWelcomeStore } from './welcome-store.ts';

const step = { profile: 'cpu', stage: 'install', state: 'running', text: 'torch', fraction: 0.5 };

function engineWith(changes: object) {
  return fakeEngine({
    machines: { detect: async () => ({ machine, finding }) },
    environments: { list: async () => [environment], setUp: async () => streamOf(step) },
    baseModels: { list: async () => baseModels, obtain: async () => streamOf({ kind: 'done', model: baseModels[0] }) },
    mainJobs: { plan: async () => ({ forecast: { totalSeconds: 352 } }) },
    ...changes,
  }).engine;
}

test('what is there is told apart from what is missing', async () => {
  const store = createWelcomeStore(engineWith({}));
  await store.getState().load();
  const { python, base, sampleSeconds } = store.getState();
  assert.deepEqual([python.state, base.state, sampleSeconds], ['absent', 'ready', 352]);
});

test('a forecast that cannot be made stops nobody; a machine that cannot be read is said', async () => {
  const noPlan = createWelcomeStore(engineWith({ mainJobs: { plan: async () => Promise.reject(new Error('no')) } }));
  await noPlan.getState().load();
  assert.equal(noPlan.getState().failure, null);
  const noMachine = createWelcomeStore(
    engineWith({ machines: { detect: async () => Promise.reject(new Error('no')) } }),
  );
  await noMachine.getState().load();
  assert.equal(noMachine.getState().failure?.message, 'no');
});

test('both are set up one after the other, and what is there then is read anew', async () => {
  const order: string[] = [];
  const store = createWelcomeStore(
    engineWith({
      environments: {
        list: async () => [{ ...environment, state: order.length > 0 ? 'ready' : 'absent', sizeBytes: 4 }],
        setUp: async () => (order.push('python'), streamOf(step)),
      },
      baseModels: {
        list: async () => baseModels,
        obtain: async () => (order.push('base'), streamOf({ kind: 'done', model: baseModels[0] })),
      },
    }),
  );
  await store.getState().prepareAll();
  const { python, base, environment: after } = store.getState();
  assert.deepEqual([python.state, base.state, after?.sizeBytes], ['ready', 'ready', 4]);
  assert.equal(order[0], 'python');
});

test('a set-up that a crash or a reload broke off is one that goes on', async () => {
  const list = async () => [{ ...environment, state: 'incomplete' }];
  const store = createWelcomeStore(engineWith({ environments: { list } }));
  await store.getState().load();
  assert.equal(store.getState().python.state, 'stopped');
});

test('a step that cannot tell its share leaves the bar where it was', async () => {
  const shares: (number | null)[] = [];
  const setUp = async () => streamOf({ ...step, fraction: 0.4 }, { ...step, fraction: null });
  const store = createWelcomeStore(engineWith({ environments: { list: async () => [environment], setUp } }));
  store.subscribe(({ python }) => python.state === 'running' && shares.push(python.fraction));
  await store.getState().prepare('python');
  assert.deepEqual(shares, [null, 0.4, 0.4]);
});

test('a failure ends it there, with its reason, and can be tried again', async () => {
  let tries = 0;
  const setUp = async () => {
    tries += 1;
    if (tries === 1) throw new ForgeError('environment.network-lost', { activity: 'fetching', reason: 'reset' });
    return streamOf(step);
  };
  const list = async () => [{ ...environment, state: tries > 1 ? 'ready' : 'incomplete' }];
  const store = createWelcomeStore(engineWith({ environments: { list, setUp } }));
  await store.getState().prepareAll();
  assert.equal(store.getState().python.failure?.code, 'environment.network-lost');
  assert.equal(store.getState().base.state, 'unknown');
  await store.getState().prepare('python');
  assert.deepEqual([store.getState().python.state, store.getState().python.failure], ['ready', null]);
});

test('stopping is no failure, and a second press begins nothing twice', async () => {
  let begun = 0;
  const setUp = async (_input: unknown, { signal }: { signal: AbortSignal }) => {
    begun += 1;
    return endless(signal);
  };
  const store = createWelcomeStore(engineWith({ environments: { list: async () => [environment], setUp } }));
  const first = store.getState().prepare('python');
  await store.getState().prepare('python');
  await settled();
  store.getState().stop('python');
  await first;
  assert.equal(begun, 1);
  assert.deepEqual([store.getState().python.state, store.getState().python.failure], ['stopped', null]);
});

async function* endless(signal: AbortSignal): AsyncGenerator<typeof step> {
  yield step;
  await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
}

test('every failure has one fix', () => {
  const fixes = [
    ['environment.probe-failed', true],
    ['environment.offline', true],
    ['base-model.disk-full', true],
    ['base-model.gated', true],
    ['base-model.not-on-hub', false],
    ['environment.network-lost', true],
    ['engine.bug', false],
  ] as const;
  assert.deepEqual(
    fixes.map(([code, retryable]) => fixFor({ code, retryable })),
    ['repair', 'network', 'storage', 'keys', 'other-base', 'retry', 'machine'],
  );
});

test('what fits into the memory is counted, the largest named', () => {
  assert.deepEqual(trainableWith(baseModels, 5e9), { count: 3, largest: 'Gemma 3 1B' });
  assert.deepEqual(trainableWith(baseModels, 1e6), { count: 0, largest: null });
});
