import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JobHostConnection } from '#core/ports/job-host.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { appendTransition, readTransitions } from '#native-bridge/files/run-directory.ts';
import { openDatabase } from '#native-bridge/storage/database.ts';
import { createForkJobHostStarter } from '../job-host/fork-job-host.ts';
import { eventually, openFixture, readTransitionCauses } from './fault-fixture.ts';
import { rebuildIndex } from './rebuild-index.ts';

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
  const [loss] = fixture.service.series(job.id, ['loss'], { points: 1_000 });
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

test('a run that was taken for lost and is found alive goes on as running, without a second worker', async (context) => {
  const first = await openFixture(context);
  const job = first.submit({ steps: 80, stepMs: 30 });
  await first.until(job.id, ({ step }) => (step ?? 0) >= 3);
  await first.close();
  const last = (await readTransitions(first.home, job.id)).at(-1);
  assert.ok(last !== undefined && last.to === 'running');
  const exit = { exitCode: null, signal: null, source: 'vanished' } as const;
  const lost = { from: last.to, to: 'interrupted', cause: 'exited', lease: null, exit } as const;
  appendTransition(first.home, job.id, { ...last, ...lost, revision: last.revision + 1 });
  const second = await openFixture(context, { home: first.home });
  const view = await second.settled(job.id);
  assert.deepEqual([view.state, view.attempt], ['succeeded', 1]);
  assert.ok(readTransitionCauses(second, job.id).includes('found-alive'));
});
