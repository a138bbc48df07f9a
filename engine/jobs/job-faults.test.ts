import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, openFakeTimeFixture, openFixture, readTransitionCauses } from './fault-fixture.ts';
import { oddWorker } from './job-fixture.ts';

const day = 86_400_000;

test('a jump of the wall clock by a day, either way, neither kills a run nor disturbs it', async (context) => {
  const { clock, fixture } = await openFakeTimeFixture(context);
  const job = fixture.submit({ steps: 20, stepMs: 20 });
  const state = () => fixture.service.get(job.id);
  for (const jump of [day, -2 * day, day]) {
    await eventually(() => state().state === 'running' || state().state === 'succeeded');
    clock.jumpWallClock(jump);
    clock.advance(20_000);
    await sleep(100);
  }
  await eventually(() => state().state === 'succeeded');
  assert.equal(state().attempt, 1);
});

test('a worker that falls silent is ended and its job continued; one with a heartbeat is not', async (context) => {
  const { clock, fixture } = await openFakeTimeFixture(context);
  const hung = fixture.submit({ mode: 'hang', steps: 10, stepMs: 5, failAtStep: 6 });
  await eventually(() => fixture.service.get(hung.id).step === 6);
  // What it said before it hung may still be under way, and would count as a sign of life.
  await sleep(500);
  clock.advance(115_000);
  await sleep(200);
  assert.equal(fixture.service.get(hung.id).attempt, 1, 'not yet');
  clock.advance(10_000);
  await eventually(() => readTransitionCauses(fixture, hung.id).includes('fell-silent'));
  clock.advance(10_000);
  await eventually(() => fixture.service.get(hung.id).attempt === 2);
});

test('a deaf worker is asked, terminated and killed, every rung stored, and its device given back', async (context) => {
  const { clock, fixture } = await openFakeTimeFixture(context, { worker: oddWorker });
  const job = fixture.submit({ mode: 'deaf' });
  await eventually(() => fixture.service.get(job.id).state === 'running');
  fixture.service.cancel(job.id);
  const directory = join(fixture.home, 'runs', job.id, 'attempts', '1', 'control');
  await eventually(() => readdirSync(directory).some((name) => name.includes('-stop.')));
  clock.advance(30_000);
  await sleep(300);
  assert.equal(fixture.service.get(job.id).state, 'stopping');
  clock.advance(10_000);
  await eventually(() => fixture.service.get(job.id).state === 'cancelled');
  assert.deepEqual(readTransitionCauses(fixture, job.id).slice(-4), [
    'cancel-requested',
    'deadline-passed',
    'deadline-passed',
    'exited',
  ]);
  assert.deepEqual(fixture.database.statement('SELECT * FROM device_lease').all(), []);
});

test('a run that dies at the same place again and again is left to a person', async (context) => {
  const fixture = await openFixture(context);
  const job = fixture.submit({ mode: 'crash', steps: 6, stepMs: 1, failAtStep: 2 });
  const view = await fixture.settled(job.id);
  assert.deepEqual([view.state, view.attempt, view.step], ['interrupted', 4, 2]);
});

test('a torn line of a dead run is dropped and counted', async (context) => {
  const fixture = await openFixture(context);
  const job = fixture.submit({ mode: 'torn-line', steps: 6, stepMs: 1, failAtStep: 2 }, { autoResume: false });
  assert.equal((await fixture.settled(job.id)).state, 'interrupted');
  const rows = fixture.database.statement('SELECT torn, malformed FROM event_cursor').all();
  assert.deepEqual(rows, [{ torn: 1, malformed: 0 }]);
});
