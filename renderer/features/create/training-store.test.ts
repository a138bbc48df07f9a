import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MainJobView } from '#contract/main-job.ts';
import { fakeEngine, settled, streamOf } from './fake-engine.ts';
import { mainJob, servingView } from './training-fixtures.ts';
import { curlSnippet, servedFacts } from './serve-facts.ts';
import { actsOf, lossRange, overallShare, phaseOf, tunedEstimate, verdictParts } from './training-progress.ts';
import { createTrainingStore, digestOf, thinned } from './training-store.ts';

const request = { name: 'support', export: true, deployToOllama: 'auto' } as const;

function startingEngine(state: MainJobView['state']) {
  const asked: string[] = [];
  const resumed: string[] = [];
  const mainJobs = {
    start: async ({ requestId }: { requestId: string }) => {
      asked.push(requestId);
      return mainJob({ state });
    },
    resume: async ({ id }: { id: string }) => {
      resumed.push(id);
      return mainJob({});
    },
  };
  return { asked, resumed, store: createTrainingStore(fakeEngine({ mainJobs }).engine).getState() };
}

test('the same decisions ask under the same id, other ones under another', async () => {
  const { asked, store } = startingEngine('running');
  const id = crypto.randomUUID();
  await store.begin(id, request);
  await store.begin(id, request);
  await store.begin(id, { ...request, name: 'other' });
  assert.equal(asked[0], asked[1]);
  assert.notEqual(asked[0], asked[2]);
  assert.ok((asked[0] ?? '').length <= 100);
});

test('beginning what failed before goes on with it', async () => {
  const { resumed, store } = startingEngine('failed');
  assert.equal(await store.begin('draft-0001', request), 'main-1');
  assert.deepEqual(resumed, ['main-1']);
});

test('the training’s job is found whichever of the two streams speaks first', async () => {
  const job = { id: 'job-train', state: 'running' };
  const { engine } = fakeEngine({
    mainJobs: { watch: async () => streamOf(mainJob({})) },
    jobs: { watch: async () => streamOf(job) },
  });
  const store = createTrainingStore(engine);
  const stop = store.getState().watch('main-1');
  await settled();
  assert.equal(store.getState().job?.id, 'job-train');
  stop();
});

test('what was cut off and goes on is followed anew: the stream of its first end is over', async () => {
  const streams = [streamOf(mainJob({ state: 'interrupted' })), streamOf(mainJob({ state: 'succeeded' }))];
  const { engine } = fakeEngine({
    mainJobs: {
      watch: async () => streams.shift() ?? streamOf(),
      resume: async () => mainJob({ state: 'running' }),
    },
    jobs: { watch: async () => streamOf() },
  });
  const store = createTrainingStore(engine);
  const stop = store.getState().watch('main-1');
  await settled();
  assert.equal(store.getState().view?.state, 'interrupted');
  await store.getState().goOn('main-1');
  await settled();
  assert.equal(store.getState().view?.state, 'succeeded');
  stop();
});

test('the loss comes from pages and then the tail; a value that is no number is a gap', async () => {
  const metric = (seq: number, loss: number | null) => ({
    v: 1,
    run: 'r',
    seq,
    t: 0,
    type: 'metric',
    step: seq,
    epoch: 0,
    tokens: 1,
    values: { loss },
    nonFinite: loss === null ? ['loss'] : [],
  });
  const validation = { ...metric(4, 1), values: { validationLoss: 2 } };
  const { engine } = fakeEngine({
    runs: {
      eventsPage: async () => ({ events: [metric(1, 3), metric(2, null)], last: 2, behind: false }),
      subscribe: async () => streamOf({ events: [metric(3, 2), validation], last: 4, behind: false }),
    },
  });
  const store = createTrainingStore(engine);
  store.getState().watchLoss('job-train');
  await settled();
  assert.deepEqual(store.getState().losses, [3, null, 2]);
});

test('a long curve is thinned, never unbounded', () => {
  assert.ok(thinned(Array.from({ length: 100_000 }, (_, index) => index)).length <= 400);
});

test('digests of different texts differ', () => {
  const digests = new Set(Array.from({ length: 2000 }, (_, index) => digestOf(`{"rank":${index}}`)));
  assert.equal(digests.size, 2000);
});

test('what can be done follows from the main job and its training', () => {
  const acts = (state: MainJobView['state'], job: 'running' | 'paused' | null) => {
    const { job: _id, ...can } = actsOf({ state }, job === null ? null : { id: 'j', state: job });
    return Object.keys(can).filter((key) => can[key as keyof typeof can]);
  };
  assert.deepEqual(acts('running', 'running'), ['canPause', 'canFinish', 'canCancel']);
  assert.deepEqual(acts('running', 'paused'), ['canResume', 'canCancel']);
  assert.deepEqual(acts('running', null), ['canCancel']);
  assert.deepEqual(acts('waiting', null), ['canCancel']);
  assert.deepEqual(acts('interrupted', null), ['canGoOn']);
  assert.deepEqual(acts('succeeded', null), []);
  assert.equal(phaseOf({ state: 'running' }, { state: 'paused' }), 'paused');
  assert.equal(phaseOf({ state: 'succeeded' }, { state: 'succeeded' }), 'done');
});

test('progress counts steps behind and the running one’s share', () => {
  assert.equal(overallShare({ steps: [] }), 0);
  assert.equal(overallShare(mainJob({})).toFixed(3), (7.35 / 13).toFixed(3));
});

test('the first and the last finite loss are told', () => {
  assert.deepEqual(lossRange([null, 3, null, 1, null]), { first: 3, now: 1 });
  assert.equal(lossRange([null]), null);
});

test('the interval of the difference is drawn around the tuned score, inside the scale', () => {
  assert.deepEqual(tunedEstimate(10, 95, [75, 96]), { value: 95, low: 85, high: 100 });
  assert.deepEqual(tunedEstimate(10, 20, null), { value: 20 });
});

test('a version is served when clients get just that one', () => {
  const url = 'http://127.0.0.1:18793/v1';
  assert.deepEqual(servedFacts(servingView, 'support', 3), { isServed: true, otherVersion: null, url });
  assert.deepEqual(servedFacts(servingView, 'support', 2), { isServed: false, otherVersion: 3, url });
  assert.deepEqual(servedFacts(null, 'support', 3), { isServed: false, otherVersion: null, url: null });
});

test('a question with quotes cannot break out of the snippet', () => {
  const snippet = curlSnippet('http://127.0.0.1:1/v1', 'support:v3', `it's "$(rm)"\n`);
  assert.match(snippet, /it'\\''s \\"\$\(rm\)\\"\\n/);
});

test('a verdict is cut into what it says and what that rests on', () => {
  const heads = [
    'Better by 71 points (66 to 77): 0 -> 71 of 100, on 83 rows in 41 groups.',
    "No difference visible; with 83 rows in 41 groups changes under 9 points can't be seen.",
    'Anything else at all',
  ].map((sentence) => verdictParts(sentence));
  assert.deepEqual(heads, [
    { head: 'Better by 71 points (66 to 77)', rest: '0 -> 71 of 100, on 83 rows in 41 groups.' },
    { head: 'No difference visible', rest: "with 83 rows in 41 groups changes under 9 points can't be seen." },
    { head: 'Anything else at all', rest: '' },
  ]);
});
