import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { mainJobQuery, mainJobSorts, type MainJobQuery } from '#contract/main-job.ts';
import { newBuild } from '#core/main-job/build.ts';
import { firstJobState } from '#core/jobs/job-machine.ts';
import { attemptAfter, firstTransition, recordAfter } from '#core/jobs/job-record.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { openDatabase } from '#native-bridge/storage/database.ts';
import { createJobRepository } from '#native-bridge/storage/job-repository.ts';
import { homeLayout } from '../home-layout.ts';
import { createJobFixture } from '../jobs/job-fixture.ts';
import { createMainJobService } from './main-job-service.ts';
import type { MainJobServices } from './services.ts';

const many = 10_000;
/** Generous: what takes 0.2 s on an idle machine may take a while beside other tests, but not the seconds that reading all would. */
const limitMs = 1_500;

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

test('of 10,000 main jobs the newest 200 are listed and watched, and all of them sorted and filtered, in well under a second', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-many-'));
  try {
    const layout = homeLayout(home);
    const request = { export: true, deployToOllama: 'auto', systemPrompt: 'x'.repeat(5000) } as const;
    for (let index = 0; index < many; index += 1) {
      const [name, version] = [`model-${index % 5000}`, 1 + Math.floor(index / 5000)];
      const build = newBuild({ id: `${name}-v${version}`, name, version, request, requestDigest: 'd', now: index });
      mkdirSync(layout.modelVersion(name, version), { recursive: true });
      writeFileSync(
        path.join(layout.modelVersion(name, version), 'build.json'),
        JSON.stringify({ ...build, state: 'failed' }),
      );
    }
    const services = { layout, clock: systemClock, logger: silentLogger } as unknown as MainJobServices;
    const service = createMainJobService(services);
    assert.ok((await milliseconds(async () => assert.equal((await service.list(200)).length, 200))) < limitMs);
    assert.ok((await milliseconds(() => service.get('model-7-v2'))) < 100);
    const page = (text: string, sort: MainJobQuery['sort']): Promise<number> =>
      milliseconds(() => service.page(mainJobQuery.parse({ text, sort, limit: 100 })));
    // The first question reads them all, once.
    assert.ok((await page('', 'ended')) < 30 * limitMs);
    for (const sort of mainJobSorts) {
      const spent = Math.min(await page('', sort), await page('', sort));
      assert.ok(spent < limitMs, `sorted by ${sort} in ${spent} ms`);
    }
    assert.equal((await service.page(mainJobQuery.parse({ text: 'MODEL-4999' }))).total, 2);
    const leave = new AbortController();
    let seen = 0;
    const spent = await milliseconds(async () => {
      for await (const view of service.watchAll(leave.signal)) {
        assert.equal(view.state, 'failed');
        seen += 1;
        if (seen === 200) setTimeout(() => leave.abort(), 200);
      }
    });
    assert.ok(seen === 200 && spent < limitMs, `${seen} in ${spent} ms`);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

test('of 10,000 runs the newest are listed, and a watcher is shown 500 and all that are not over', async () => {
  const database = openDatabase(':memory:', { logger: silentLogger });
  const jobs = createJobRepository(database, { recordAfter, attemptAfter });
  database.transaction(() => {
    for (let index = 0; index < many; index += 1) {
      const file = {
        ...{
          v: 1 as const,
          job: `job-${index}`,
          kind: 'train' as const,
          name: 'x',
          createdAt: index,
          device: 'cpu' as const,
        },
        ...{ threads: null, seed: 0, autoResume: true, passiveWait: true, requestId: `request ${index}`, payload: {} },
      };
      const state = index < 5 ? ('paused' as const) : ('succeeded' as const);
      const line = firstTransition({ ...firstJobState(index), name: state }, index);
      jobs.insert(recordAfter(file, line), line);
    }
  });
  const fixture = await createJobFixture({ database });
  try {
    const spent = await milliseconds(async () => {
      assert.deepEqual(
        fixture.service.list(2).map(({ id }) => id),
        ['job-9999', 'job-9998'],
      );
      for await (const change of fixture.service.watch(AbortSignal.timeout(5000))) {
        assert.ok(change.kind === 'snapshot');
        assert.equal(change.jobs.length, 505);
        break;
      }
    });
    assert.ok(spent < 300, `${spent} ms`);
  } finally {
    await fixture.dispose();
  }
});
