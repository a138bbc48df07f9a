import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { JobEvent } from '#core/jobs/job-event.ts';
import { createJobFixture, oddWorker, type JobFixture } from './job-fixture.ts';

let fixture: JobFixture;
let odd: JobFixture;
before(async () => {
  fixture = await createJobFixture();
  odd = await createJobFixture({ worker: oddWorker });
  await Promise.all([fixture.service.start(), odd.service.start()]);
});
after(() => Promise.all([fixture.dispose(), odd.dispose()]));

const quick = { steps: 6, stepMs: 10 };
const long = { steps: 400, stepMs: 20 };

function refusedWith(code: string) {
  return (error: unknown): boolean => error instanceof ForgeError && error.code === code;
}

function eventsOf(jobId: string): readonly JobEvent[] {
  return fixture.service.eventsPage(jobId, { after: 0, limit: 1000 }).events;
}

test('a job goes from the queue to a proven result, with its events and curves stored', async () => {
  const job = fixture.submit(quick);
  const view = await fixture.settled(job.id);
  assert.deepEqual(
    { state: view.state, attempt: view.attempt, step: view.step, failure: view.failure },
    { state: 'succeeded', attempt: 1, step: 6, failure: null },
  );
  const events = eventsOf(job.id);
  assert.deepEqual(
    events.map(({ position }) => position),
    events.map((_, place) => place + 1),
  );
  assert.deepEqual([events[0]?.event.type, events.at(-1)?.event.type], ['phase', 'done']);
  const [loss, unknown] = fixture.service.series(job.id, ['loss', 'nonsense'], { points: 100 });
  assert.deepEqual([loss?.steps, unknown?.total], [[1, 2, 3, 4, 5, 6], 0]);
  const result = await fixture.service.result(job.id);
  assert.equal(result.artefacts.length > 0, true);
});

test('the same request id gives the same job again', () => {
  const first = fixture.submit(quick, { requestId: 'twice' });
  const second = fixture.submit({ steps: 99 }, { requestId: 'twice' });
  assert.equal(second.id, first.id);
});

test('a worker that exits with 0 without done has failed', async () => {
  const view = await fixture.settled(fixture.submit({ ...quick, mode: 'exit-zero-without-done' }).id);
  assert.deepEqual([view.state, view.failure?.code], ['failed', 'job.exit-without-done']);
  await assert.rejects(fixture.service.result(view.id), refusedWith('job.no-result'));
});

test('an artefact that is not what its digest says is no success', async () => {
  const view = await odd.settled(odd.submit({ mode: 'wrong-digest' }).id);
  assert.deepEqual([view.state, view.failure?.code], ['failed', 'job.artefact-mismatch']);
});

test('a crash without a word fails with the end of the console as detail', async () => {
  const view = await odd.settled(odd.submit({ mode: 'exit-17' }).id);
  assert.deepEqual([view.state, view.failure?.code], ['failed', 'job.crashed']);
  assert.match(view.failure?.message ?? '', /the dog ate it/);
});

test('a failed event is shown as the worker said it', async () => {
  const view = await fixture.settled(fixture.submit({ ...quick, mode: 'fail' }).id);
  assert.deepEqual(
    [view.state, view.failure],
    ['failed', { code: 'fake-failure', message: 'The fake training failed at step 3.', hint: 'Nothing to do.' }],
  );
});

test('an interpreter that does not exist fails the job', async () => {
  const other = await createJobFixture({
    python: () => ({ command: '/nowhere/python', args: [], env: { PATH: '/usr/bin:/bin' } }),
  });
  await other.service.start();
  const view = await other.settled(other.submit(quick).id);
  assert.equal(view.state, 'failed');
  await other.dispose();
});

test('a worker killed by a signal is continued from its newest checkpoint without a gap or a double', async () => {
  const job = fixture.submit({ steps: 30, stepMs: 15, checkpointEvery: 5 });
  await fixture.until(job.id, ({ step }) => (step ?? 0) >= 12);
  process.kill(workerPid(job.id), 'SIGKILL');
  const view = await fixture.settled(job.id);
  assert.deepEqual([view.state, view.attempt], ['succeeded', 2]);
  const spec = JSON.parse(await readFile(join(fixture.home, 'runs', job.id, 'attempts', '2', 'spec.json'), 'utf8'));
  assert.match(spec.resumeFrom, /attempts\/1\/checkpoints\/000000[12][05]$/);
  const [loss] = fixture.service.series(job.id, ['loss'], { points: 1000 });
  assert.deepEqual(
    loss?.steps,
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
});

test('without auto-resume a killed job waits, and is settled, as interrupted', async () => {
  const job = fixture.submit(long, { autoResume: false });
  await fixture.until(job.id, ({ step }) => (step ?? 0) >= 3);
  process.kill(workerPid(job.id), 'SIGKILL');
  assert.equal((await fixture.settled(job.id)).state, 'interrupted');
  assert.throws(() => fixture.service.cancel(job.id), refusedWith('job.not-allowed'));
  assert.equal(fixture.service.discard(job.id).state, 'failed');
});

test('pause gives the device back and resume goes on from the checkpoint', async () => {
  const job = fixture.submit({ steps: 40, stepMs: 15 });
  await fixture.until(job.id, ({ step }) => (step ?? 0) >= 5);
  assert.equal(fixture.service.pause(job.id).state, 'pausing');
  await fixture.until(job.id, ({ state }) => state === 'paused');
  const other = await fixture.settled(fixture.submit(quick).id);
  assert.equal(other.state, 'succeeded');
  assert.equal(fixture.service.resume(job.id).state, 'queued');
  const view = await fixture.settled(job.id);
  assert.deepEqual([view.state, view.attempt], ['succeeded', 2]);
  const [loss] = fixture.service.series(job.id, ['loss'], { points: 1000 });
  assert.deepEqual(
    loss?.steps,
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
});

test('cancel stops a running job after a checkpoint, finish ends one early with its result', async () => {
  const job = fixture.submit(long);
  await fixture.until(job.id, ({ state }) => state === 'running');
  fixture.service.cancel(job.id);
  assert.equal((await fixture.settled(job.id)).state, 'cancelled');
  const finished = fixture.submit(long);
  await fixture.until(finished.id, ({ step }) => (step ?? 0) >= 3);
  fixture.service.finish(finished.id);
  const view = await fixture.settled(finished.id);
  assert.equal(view.state, 'succeeded');
  assert.ok((view.step ?? 0) < 400);
});

test('jobs wait in order for the device, can be moved, cancelled and tried again', async () => {
  const running = fixture.submit(long);
  await fixture.until(running.id, ({ state }) => state === 'running');
  const [first, second] = [fixture.submit(quick), fixture.submit(quick)];
  assert.deepEqual([first.queuePosition, second.queuePosition], [1, 2]);
  assert.equal(fixture.service.reorder(second.id, { before: first.id }).queuePosition, 1);
  assert.equal(fixture.service.get(first.id).queuePosition, 2);
  assert.equal(fixture.service.cancel(first.id).state, 'cancelled');
  fixture.service.cancel(running.id);
  assert.equal((await fixture.settled(second.id)).state, 'succeeded');
  const again = fixture.service.retry(first.id, 'again');
  assert.notEqual(again.id, first.id);
  assert.equal((await fixture.settled(again.id)).state, 'succeeded');
});

test('a subscription hands out every event once, in batches of at most 64, and ends with the job', async () => {
  const job = fixture.submit({ steps: 200, stepMs: 1 });
  const positions: number[] = [];
  for await (const batch of fixture.service.subscribe(job.id, { after: 0 }, AbortSignal.timeout(20_000))) {
    assert.equal(batch.kind, 'events');
    if (batch.kind !== 'events') continue;
    assert.ok(batch.events.length <= 64);
    positions.push(...batch.events.map(({ position }) => position));
  }
  assert.equal(fixture.service.get(job.id).state, 'succeeded');
  assert.deepEqual(
    positions,
    eventsOf(job.id).map(({ position }) => position),
  );
});

test('a reader more than 5,000 events behind is told to page', async () => {
  const job = fixture.submit({ mode: 'flood', steps: 3, stepMs: 20, eventsPerSecond: 100_000 });
  await fixture.settled(job.id);
  const { lastPosition } = fixture.service.eventsPage(job.id, { after: 0, limit: 1 });
  assert.ok(lastPosition > 6_000);
  const batches = [];
  for await (const batch of fixture.service.subscribe(job.id, { after: 0 }, AbortSignal.timeout(5_000))) {
    batches.push(batch);
  }
  assert.deepEqual(batches, [{ kind: 'behind', lastPosition }]);
  let cursor = 0;
  for (let page = fixture.service.eventsPage(job.id, { after: 0, limit: 1_000 }); page.events.length > 0;) {
    for (const { position } of page.events) assert.equal(position, (cursor += 1));
    page = fixture.service.eventsPage(job.id, { after: cursor, limit: 1_000 });
  }
  assert.equal(cursor, lastPosition);
});

test('the console can be read live from its first byte to its end', async () => {
  const job = fixture.submit({ steps: 10, stepMs: 10 });
  await fixture.until(job.id, ({ state }) => state === 'running');
  let text = '';
  for await (const chunk of fixture.service.attachConsole(job.id, { offset: 0 }, AbortSignal.timeout(10_000))) {
    if (chunk.kind === 'bytes') text += Buffer.from(chunk.bytes).toString('utf8');
  }
  assert.deepEqual(text.match(/step \d+ of/g)?.length, 10);
  const page = await fixture.service.consolePage(job.id, { attempt: 1, offset: 0, limit: 100_000 });
  assert.equal(Buffer.from(page).toString('utf8'), text);
});

test('a console asked for before the job has begun waits for its first byte', async () => {
  const blocker = fixture.submit({ steps: 20, stepMs: 20 });
  await fixture.until(blocker.id, ({ state }) => state === 'running');
  const job = fixture.submit({ steps: 3, stepMs: 10 });
  assert.equal(fixture.service.get(job.id).attempt, 0);
  assert.deepEqual(
    fixture.service.running().map((attempt) => attempt.job),
    [blocker.id],
  );
  let text = '';
  for await (const chunk of fixture.service.attachConsole(job.id, { offset: 0 }, AbortSignal.timeout(10_000))) {
    if (chunk.kind === 'bytes') text += Buffer.from(chunk.bytes).toString('utf8');
  }
  assert.deepEqual(text.match(/step \d+ of/g)?.length, 3);
});

test('single types of events are paged alone, while the job runs and after', async () => {
  const job = fixture.submit({ steps: 30, stepMs: 5 });
  const ofTypes = (...types: string[]): string[] =>
    fixture.service.eventsPage(job.id, { after: 0, limit: 1000, types }).events.map(({ event }) => event.type);
  await fixture.until(job.id, ({ step }) => (step ?? 0) > 3);
  assert.deepEqual(ofTypes('hello', 'done').slice(0, 1), ['hello']);
  await fixture.settled(job.id);
  assert.deepEqual(ofTypes('done', 'hello'), ['hello', 'done']);
  assert.deepEqual(ofTypes('metric').length, eventsOf(job.id).filter(({ event }) => event.type === 'metric').length);
});

test('an unknown job and an unknown device are named errors', () => {
  assert.throws(() => fixture.service.get('nobody'), refusedWith('engine.not-found'));
  const wanted = { kind: 'probe', name: 'x', payload: {}, device: 'cuda', requestId: 'cuda' } as const;
  assert.throws(() => fixture.service.submit(wanted), refusedWith('job.device-missing'));
});

test('leaving a reader leaves nothing behind', async () => {
  const job = fixture.submit(quick);
  const leave = new AbortController();
  const readers = [
    fixture.service.subscribe(job.id, { after: 0 }, leave.signal),
    fixture.service.watch(leave.signal),
    fixture.service.attachConsole(job.id, { offset: 0 }, leave.signal),
  ].map(async (stream) => {
    for await (const piece of stream) assert.ok(piece);
  });
  setTimeout(() => leave.abort(), 100);
  await Promise.all(readers);
  await fixture.settled(job.id);
});

function workerPid(jobId: string): number {
  const hello = eventsOf(jobId).findLast(({ event }) => event.type === 'hello')?.event;
  assert.ok(hello !== undefined && 'pid' in hello);
  return hello.pid as number;
}

test('a service starts on a home with a damaged run folder and leaves that folder out', async () => {
  const other = await createJobFixture();
  await other.service.start();
  const job = other.submit(quick);
  await other.settled(job.id);
  await other.close();
  await writeFile(join(other.home, 'runs', job.id, 'job.json'), '{');
  const again = await createJobFixture({ home: other.home });
  await again.service.start();
  assert.equal(again.service.get(job.id).state, 'succeeded');
  await again.dispose();
});
