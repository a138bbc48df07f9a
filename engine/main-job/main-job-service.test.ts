import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForgeError } from '#contract/errors.ts';
import { mainJobView, type MainJobView } from '#contract/main-job.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { homeLayout } from '../home-layout.ts';
import { createBuildStore } from './build-store.ts';
import { createMainJobService, type MainJobService } from './main-job-service.ts';
import type { runMainJob } from './runner.ts';
import type { MainJobServices } from './services.ts';

const home = await mkdtemp(path.join(tmpdir(), 'forge-main-jobs-'));
after(() => rm(home, { recursive: true, force: true }));
let homes = 0;

interface Setting {
  readonly home: string;
  readonly service: MainJobService;
  /** Ids in the order in which they were run. */
  readonly ran: string[];
  /** Ends the one that runs: well, or with this error. */
  readonly end: (error?: Error) => Promise<void>;
  start(name: string): Promise<MainJobView>;
}

/** The service over a real folder with a runner that the test ends. */
async function createSetting(givenHome?: string): Promise<Setting> {
  const folder = givenHome ?? path.join(home, String((homes += 1)));
  const layout = homeLayout(folder);
  const store = createBuildStore(layout);
  const ran: string[] = [];
  let finish: ((error?: Error) => void) | null = null;
  const run: typeof runMainJob = async (build, { signal, store: builds, onChange }) => {
    ran.push(build.id);
    const running = { ...build, state: 'running' as const };
    await builds.save(running);
    onChange({ build: running, live: null, reached: 0 });
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      finish = (error) => (error === undefined ? resolve() : reject(error));
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
    const failed = { ...running, state: 'cancelled' as const };
    await builds.save(failed);
    onChange({ build: failed, live: null, reached: 0 });
    return failed;
  };
  const services = {
    layout,
    clock: systemClock,
    logger: silentLogger,
    appDirectory: path.resolve(import.meta.dirname, '..', '..'),
  } as unknown as MainJobServices;
  const service = createMainJobService(services, { store, run });
  const dataset = path.join(home, 'rows.csv');
  await writeFile(dataset, 'question,answer\na,b\n');
  return {
    home: folder,
    service,
    ran,
    start: (name) => service.start({ name, dataset, export: true, deployToOllama: 'auto' }),
    end: async (error) => {
      await until(() => finish !== null);
      finish?.(error);
      finish = null;
      // The one after it runs, or there is none.
      await Promise.race([until(() => finish !== null), sleep(300)]);
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 1000 && !condition(); round += 1) await sleep(2);
}

const states = async (service: MainJobService): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await service.list(100)).map(({ name, state, queuePosition }) => [name, `${state} ${queuePosition ?? '-'}`]),
  );

const refusedWith = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof ForgeError && error.code === code && text.test(error.message);

test('main jobs run one at a time in order, and each that waits knows its place', async () => {
  const { service, start, ran, end } = await createSetting();
  for (const name of ['a', 'b', 'c']) mainJobView.parse(await start(name));
  assert.deepEqual(await states(service), { a: 'running -', b: 'waiting 1', c: 'waiting 2' });
  assert.equal((await start('b')).queuePosition, 1, 'the same again joins the one that waits');
  await service.move('c-v1', 'b-v1');
  assert.deepEqual(await states(service), { a: 'running -', b: 'waiting 2', c: 'waiting 1' });
  await end();
  await end(new Error('broken'));
  assert.deepEqual(ran, ['a-v1', 'c-v1', 'b-v1']);
  assert.deepEqual(await states(service), { a: 'cancelled -', b: 'running -', c: 'failed -' });
  await service.stop();
});

test('one that waits can be cancelled at once, goes back to what it was, and can be resumed', async () => {
  const { service, start, end, ran, home: folder } = await createSetting();
  await start('a');
  await start('b');
  assert.equal((await service.cancel('b-v1')).state, 'cancelled');
  assert.equal((await service.get('b-v1')).queuePosition, null);
  assert.equal((await service.resume('b-v1')).state, 'waiting');
  await end();
  assert.deepEqual(ran, ['a-v1', 'b-v1']);
  assert.equal((await service.cancel('b-v1')).state, 'cancelled');
  await start('a');
  assert.equal((await service.resume('b-v1')).queuePosition, 1);
  assert.equal((await service.cancel('b-v1')).state, 'cancelled');
  const queued: unknown = JSON.parse(await readFile(path.join(folder, 'queue.json'), 'utf8'));
  assert.deepEqual(queued, { v: 1, waiting: [] });
  await service.stop();
});

test('the queue outlives the engine: what waits waits again in its order and begins by itself, what ran is offered', async () => {
  const first = await createSetting();
  for (const name of ['a', 'b', 'c', 'd']) await first.start(name);
  await first.service.move('d-v1', 'b-v1');
  await first.service.stop();
  const second = await createSetting(first.home);
  await second.service.begin();
  assert.deepEqual(await states(second.service), {
    a: 'interrupted -',
    b: 'waiting 2',
    c: 'waiting 3',
    d: 'waiting 1',
  });
  assert.deepEqual(second.ran, []);
  await second.start('e');
  assert.deepEqual([second.ran, (await second.service.get('e-v1')).queuePosition], [['d-v1'], 3]);
  assert.equal((await second.service.resume('a-v1')).queuePosition, 4);
  await second.service.stop();
});

test('a queue file that cannot be read, or names what is gone, loses nothing: those are offered', async () => {
  const first = await createSetting();
  for (const name of ['a', 'b', 'c']) await first.start(name);
  await first.service.stop();
  await writeFile(path.join(first.home, 'queue.json'), '{"v":1,"waiting":["../../etc-v1","gone-v1","c-v1","c-v1"]}');
  const second = await createSetting(first.home);
  assert.deepEqual(await states(second.service), { a: 'interrupted -', b: 'interrupted -', c: 'waiting 1' });
  await second.service.stop();
  await writeFile(path.join(first.home, 'queue.json'), '{');
  const third = await createSetting(first.home);
  assert.deepEqual(await states(third.service), { a: 'interrupted -', b: 'interrupted -', c: 'interrupted -' });
});

test('what cannot be moved or resumed is refused in words', async () => {
  const { service, start } = await createSetting();
  await start('a');
  await start('b');
  await assert.rejects(
    service.move('a-v1', null),
    refusedWith('main-job.not-allowed', /cannot be moved while it is running/),
  );
  await assert.rejects(service.move('b-v1', 'a-v1'), refusedWith('main-job.not-allowed', /a-v1 does not wait/));
  for (const id of ['x-v1', '../../x-v1', 'x', ''])
    await assert.rejects(service.resume(id), refusedWith('engine.not-found', /no main job/));
  await service.stop();
});

test('a watcher of all sees the present state of each, then every change', async () => {
  const { service, start, end } = await createSetting();
  await start('a');
  await start('b');
  const leave = new AbortController();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { name, state } of service.watchAll(leave.signal)) {
      seen.push(`${name} ${state}`);
      if (seen.includes('b running') && seen.includes('a cancelled')) leave.abort();
    }
  })();
  await sleep(20);
  await end();
  await reading;
  assert.deepEqual(seen.slice(0, 2).toSorted(), ['a running', 'b waiting']);
  await service.stop();
});
