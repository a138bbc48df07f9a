import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobTransition } from '#contract/job-transition.ts';
import type { JobFile } from '#contract/jobs.ts';
import type { JobEvent } from '#core/jobs/job-event.ts';
import { attemptAfter, firstTransition, recordAfter, transitionTo, type JobRecord } from '#core/jobs/job-record.ts';
import { firstJobState } from '#core/jobs/job-machine.ts';
import { parseWorkerEvent } from '#core/jobs/parse-worker-event.ts';
import type { EventAddition } from '#core/ports/event-index.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { openDatabase } from './database.ts';
import { createEventRepository } from './event-repository.ts';
import { createJobRepository } from './job-repository.ts';

function createStore() {
  const database = openDatabase(':memory:', { logger: silentLogger });
  const jobs = createJobRepository(database, { recordAfter, attemptAfter });
  return { database, jobs, events: createEventRepository(database, parseWorkerEvent) };
}

function insertJob(jobs: ReturnType<typeof createStore>['jobs'], id: string, rank = 1): JobRecord {
  const file: JobFile = {
    v: 1,
    job: id,
    kind: 'probe',
    name: id,
    createdAt: rank,
    device: 'cpu',
    threads: null,
    seed: 0,
    autoResume: true,
    passiveWait: true,
    requestId: `request of ${id}`,
    payload: { deep: [1, { two: null }] },
  };
  const line = firstTransition(firstJobState(rank), rank);
  const record = recordAfter(file, line);
  jobs.insert(record, line);
  return record;
}

const lease = (record: JobRecord, device: string): JobTransition =>
  transitionTo(
    record,
    { ...record.machine, name: 'preparing', attempt: 1, lease: device, changedAt: 9 },
    { cause: 'lease-granted', queueRank: record.queueRank, exit: null },
  );
const nothing = (): void => undefined;

test('a job is read back as it was stored, by id, by request and by state', () => {
  const { jobs } = createStore();
  const record = insertJob(jobs, 'a', 2);
  const other = insertJob(jobs, 'b', 1);
  assert.deepEqual(jobs.find('a'), record);
  assert.deepEqual(jobs.findByRequest('request of a'), record);
  assert.deepEqual(jobs.list(), [record, other]);
  assert.deepEqual(jobs.listByState(['queued', 'running']), [other, record]);
  assert.deepEqual([jobs.find('c'), jobs.findByRequest('x'), jobs.lastQueueRank()], [null, null, 2]);
});

test('a move is stored once: a second one on the same revision changes nothing', () => {
  const { jobs } = createStore();
  const record = insertJob(jobs, 'a');
  const line = lease(record, 'cpu');
  assert.equal(jobs.applyTransition('a', line, nothing), true);
  assert.equal(jobs.applyTransition('a', line, nothing), false);
  assert.equal(jobs.applyTransition('nobody', line, nothing), false);
  assert.deepEqual(jobs.find('a'), recordAfter(record.file, line));
  assert.deepEqual(
    jobs.transitions('a').map(({ revision }) => revision),
    [1, 2],
  );
  assert.deepEqual(jobs.attempts('a'), [{ attempt: 1, startedAt: 9, endedAt: null, exit: null }]);
  assert.deepEqual(jobs.leases(), [{ device: 'cpu', jobId: 'a' }]);
});

test('what fails before the commit undoes the move', () => {
  const { jobs } = createStore();
  const record = insertJob(jobs, 'a');
  const fail = (): void => {
    throw new Error('disk full');
  };
  assert.throws(() => jobs.applyTransition('a', lease(record, 'cpu'), fail), /disk full/);
  assert.deepEqual([jobs.find('a'), jobs.leases(), jobs.attempts('a')], [record, [], []]);
});

test('a device cannot be held twice, and history does not hold any', () => {
  const { jobs } = createStore();
  const [one, two] = [insertJob(jobs, 'a'), insertJob(jobs, 'b', 2)];
  jobs.applyTransition('a', lease(one, 'cpu'), nothing);
  assert.throws(() => jobs.applyTransition('b', lease(two, 'cpu'), nothing), /UNIQUE/);
  const granted = lease(two, 'cpu');
  const held = recordAfter(two.file, granted);
  const ended = transitionTo(
    held,
    { ...held.machine, name: 'cancelled', lease: null },
    {
      cause: 'exited',
      queueRank: 2,
      exit: { exitCode: 3, signal: null, source: 'exit-file' },
    },
  );
  jobs.applyHistory('b', [granted, ended]);
  assert.deepEqual(jobs.leases(), [{ device: 'cpu', jobId: 'a' }]);
  assert.deepEqual(jobs.attempts('b'), [
    { attempt: 1, startedAt: 9, endedAt: 9, exit: { exitCode: 3, signal: null, source: 'exit-file' } },
  ]);
});

const losses = { malformed: 1, oversized: 2, refused: 3, torn: 4 };

function addition(events: readonly JobEvent[], change: Partial<EventAddition> = {}): EventAddition {
  const cursor = { nextOffset: 7, lastSeq: 2, reachedStep: 5, losses, duplicates: 1 };
  return { jobId: 'a', attempt: 1, events, points: [], cursor, phase: null, step: null, ...change };
}

const event = (position: number, more: object = {}): JobEvent => ({
  position,
  attempt: 1,
  ...parseWorkerEvent({ v: 1, run: 'a/1', seq: position, t: 1, type: 'mystery', ...more }),
});

test('a page of single types leaves the others out and keeps the order', () => {
  const { jobs, events } = createStore();
  insertJob(jobs, 'a');
  insertJob(jobs, 'b', 2);
  const types = ['metric', 'note', 'metric', 'mark', 'metric', 'note', 'mark'];
  const all = types.map((type, index) => event(index + 1, { type: `x-${type}` }));
  events.append([addition(all), addition([event(1, { type: 'x-note' })], { jobId: 'b' })]);
  const positions = (wanted: string[], after: number, limit: number): number[] =>
    events.pageOfTypes('a', { types: wanted, after, limit }).map(({ position }) => position);
  assert.deepEqual(positions(['x-note', 'x-mark'], 0, 10), [2, 4, 6, 7]);
  assert.deepEqual(positions(['x-note', 'x-mark', 'x-note'], 2, 2), [4, 6]);
  assert.deepEqual([positions([], 0, 10), positions(["x' OR 1=1"], 0, 10)], [[], []]);
});

test('the list can be cut to the newest', () => {
  const { jobs } = createStore();
  for (let rank = 1; rank <= 5; rank += 1) insertJob(jobs, `job-${rank}`, rank);
  assert.deepEqual(
    jobs.list(2).map(({ file }) => file.job),
    ['job-5', 'job-4'],
  );
});

test('events come back in pages, with the cursor, the progress and the verdicts', () => {
  const { jobs, events } = createStore();
  insertJob(jobs, 'a');
  const done = event(3, { type: 'done', reason: 'completed', summary: {} });
  const phase = { name: 'training', fraction: 0.5, etaSeconds: null };
  events.append([addition([event(1), event(2)]), addition([done], { phase, step: 5 })]);
  assert.deepEqual(events.page('a', 1, 1), { events: [event(2)], lastPosition: 3 });
  assert.deepEqual(events.page('a', 3, 10), { events: [], lastPosition: 3 });
  assert.deepEqual(events.cursor('a', 1), { nextOffset: 7, lastSeq: 2, reachedStep: 5, losses, duplicates: 1 });
  assert.deepEqual(events.progress('a'), { attempt: 1, phase, step: 5 });
  assert.deepEqual(events.verdicts('a', 1), [done]);
  assert.deepEqual([...events.reachedSteps('a')], [[1, 5]]);
  assert.deepEqual([events.cursor('a', 2), events.lastPosition('b'), events.verdicts('a', 2)], [null, 0, []]);
});

test('a batch that cannot be stored leaves nothing of itself', () => {
  const { jobs, events } = createStore();
  insertJob(jobs, 'a');
  assert.throws(() => events.append([addition([event(1), event(1)])]), /UNIQUE/);
  assert.equal(events.lastPosition('a'), 0);
});

test('a series is thinned to its budget, keeping the extremes and what was not finite; a repeated step replaces', () => {
  const { jobs, events } = createStore();
  insertJob(jobs, 'a');
  const value = (step: number): number | null =>
    step === 5_000 ? null : step === 7_777 ? 99 : step === 3_333 ? -99 : Math.sin(step / 500);
  const points = Array.from({ length: 10_000 }, (_, index) => ({
    name: 'loss',
    step: index + 1,
    value: value(index + 1),
  }));
  events.append([addition([], { points })]);
  events.append([addition([], { points: [{ name: 'loss', step: 10, value: 42 }] })]);
  const [whole, thin, none] = [
    ...events.series('a', ['loss'], { points: 10_000 }),
    ...events.series('a', ['loss', 'other'], { points: 300 }),
  ];
  assert.deepEqual([whole?.steps.length, whole?.values[9]], [10_000, 42]);
  assert.ok(thin !== undefined && thin.total === 10_000 && thin.steps.length <= 300 && thin.steps.length > 150);
  assert.deepEqual([thin.steps[0], thin.steps.at(-1)], [1, 10_000]);
  assert.deepEqual(
    [5_000, 7_777, 3_333, 10].map((step) => thin.values[thin.steps.indexOf(step)]),
    [null, 99, -99, 42],
  );
  assert.deepEqual(
    thin.steps,
    thin.steps.toSorted((one, other) => one - other),
  );
  const [near] = events.series('a', ['loss'], { points: 300, from: 7_700, to: 7_899 });
  assert.deepEqual([near?.total, near?.steps[0], near?.steps.at(-1), near?.values[77]], [200, 7_700, 7_899, 99]);
  const [coarse] = events.series('a', ['loss'], { points: 30, from: 7_000, to: 7_999 });
  assert.ok(coarse !== undefined && coarse.total === 1_000 && coarse.steps.length <= 30 && coarse.values.includes(99));
  assert.deepEqual(none, { name: 'other', steps: [], values: [], total: 0 });
});
