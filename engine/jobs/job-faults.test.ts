import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeClock } from '#core/ports/fake-clock.ts';
import type { JobHostConnection } from '#core/ports/job-host.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { openDatabase } from '#native-bridge/storage/database.ts';
import { createForkJobHostStarter } from '../job-host/fork-job-host.ts';
import { createJobFixture, oddWorker, type JobFixture } from './job-fixture.ts';
import { rebuildIndex } from './rebuild-index.ts';

const day = 86_400_000;

/** Waits in real time until something holds. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    if (holds()) return;
    await sleep(20);
  }
  throw new Error('waited 10 s in vain');
}

type FixtureOptions = NonNullable<Parameters<typeof createJobFixture>[0]>;

/** A started service that is put away at the end of the test with all its processes, however the test ends. */
async function openFixture(context: TestContext, options: FixtureOptions = {}): Promise<JobFixture> {
  const fixture = await createJobFixture(options);
  context.after(async () => {
    await fixture.dispose();
    killLeft(fixture.home);
  });
  await fixture.service.start();
  return fixture;
}

/** A service whose time stands still until the test moves it; the processes are real, the job host counts as answering. */
async function openFakeTimeFixture(context: TestContext, options: FixtureOptions = {}) {
  const clock = new FakeClock();
  const real = createForkJobHostStarter(silentLogger);
  const hostStarter = {
    start: (): JobHostConnection => {
      const connection = real.start();
      const onMessage: JobHostConnection['onMessage'] = (listener) => {
        connection.onMessage(listener);
        clock.every(500, () => listener({ kind: 'heartbeat' }));
      };
      return { ...connection, onMessage };
    },
  };
  return { clock, fixture: await openFixture(context, { ...options, clock, hostStarter }) };
}

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

function recordingStarter() {
  const connections: JobHostConnection[] = [];
  const starter = createForkJobHostStarter(silentLogger);
  return {
    connections,
    starter: {
      start: () => {
        const connection = starter.start();
        connections.push(connection);
        return connection;
      },
    },
  };
}

test('workers outlive a killed and a hung job host: the next one takes them up where the last one was', async (context) => {
  const { connections, starter } = recordingStarter();
  const fixture = await openFixture(context, { hostStarter: starter });
  const job = fixture.submit({ steps: 150, stepMs: 60 });
  await fixture.until(job.id, ({ step }) => (step ?? 0) >= 3);
  connections[0]?.kill();
  await eventually(() => connections.length === 2);
  const before = fixture.service.get(job.id).step ?? 0;
  await fixture.until(job.id, ({ step }) => (step ?? 0) >= before + 5);
  process.kill(connections[1]?.pid ?? 0, 'SIGSTOP');
  await eventually(() => connections.length === 3);
  await fixture.settled(job.id);
  const view = fixture.service.get(job.id);
  assert.deepEqual([view.state, view.attempt], ['succeeded', 1]);
  const [loss] = fixture.service.series(job.id, ['loss'], 1_000);
  assert.deepEqual(
    loss?.steps,
    Array.from({ length: 150 }, (_, index) => index + 1),
  );
  const page = await fixture.service.consolePage(job.id, { attempt: 1, offset: 0, limit: 1_000_000 });
  const printed =
    Buffer.from(page)
      .toString('utf8')
      .match(/step \d+ of/g) ?? [];
  assert.ok(printed.length >= 145, `${printed.length} of 150 lines are in console.log`);
});

test('a service that is stopped lets its run go on; the next one adopts it', async (context) => {
  const first = await openFixture(context);
  const job = first.submit({ steps: 80, stepMs: 30 });
  await first.until(job.id, ({ step }) => (step ?? 0) >= 3);
  await first.close();
  const second = await openFixture(context, { home: first.home });
  const view = await second.settled(job.id);
  assert.deepEqual([view.state, view.attempt], ['succeeded', 1]);
});

test('a lost database is made anew from the run folders, also while a run lives', async (context) => {
  const first = await openFixture(context);
  const done = first.submit({ mode: 'nan', steps: 10, stepMs: 1 }, { requestId: 'done' });
  await first.settled(done.id);
  const views = first.service.list();
  const living = first.submit({ steps: 80, stepMs: 30 });
  await first.until(living.id, ({ step }) => (step ?? 0) >= 3);
  await first.close();
  rmSync(join(first.home, 'db'), { recursive: true });
  const second = await openFixture(context, { home: first.home });
  assert.deepEqual(second.service.get(done.id), views[0]);
  assert.equal(second.submit({}, { requestId: 'done' }).id, done.id);
  const view = await second.settled(living.id);
  assert.deepEqual([view.state, view.attempt], ['succeeded', 1]);
  const other = openDatabase(':memory:', { logger: silentLogger });
  assert.deepEqual(await rebuildIndex(second.home, other), []);
});

function readTransitionCauses(fixture: JobFixture, jobId: string): readonly string[] {
  const path = join(fixture.home, 'runs', jobId, 'transitions.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  return lines.map((line) => (JSON.parse(line) as { cause: string }).cause);
}

/** A worker that hangs by design outlives its service. */
function killLeft(home: string): void {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      if (environment.includes(`FORGE_RUN_DIRECTORY=${home}/`)) process.kill(Number(name), 'SIGKILL');
    } catch (error) {
      assert.match(String((error as NodeJS.ErrnoException).code), /ENOENT|ESRCH|EACCES|EPERM/);
    }
  }
}
