import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForgeError } from '#contract/errors.ts';
import { mainJobQuery, mainJobView, type MainJobQuery, type MainJobView } from '#contract/main-job.ts';
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

const noJobs = {
  get: (id: string) => {
    throw new ForgeError('engine.not-found', { kind: 'job', id, command: 'runs' });
  },
};

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
async function createSetting({
  at: givenHome,
  live = null,
}: { at?: string; live?: string | null } = {}): Promise<Setting> {
  const folder = givenHome ?? path.join(home, String((homes += 1)));
  const layout = homeLayout(folder);
  const store = createBuildStore(layout);
  const ran: string[] = [];
  let finish: ((error?: Error) => void) | null = null;
  const run: typeof runMainJob = async (build, { signal, store: builds, onChange }) => {
    ran.push(build.id);
    const running = { ...build, state: 'running' as const };
    await builds.save(running);
    const step = { step: 'train', text: 'training', fraction: 0.5, etaSeconds: 1, seconds: 1, job: live } as const;
    onChange({ build: running, live: live === null ? null : step, reached: 0 });
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
    jobs: noJobs,
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
  const second = await createSetting({ at: first.home });
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
  const second = await createSetting({ at: first.home });
  assert.deepEqual(await states(second.service), { a: 'interrupted -', b: 'interrupted -', c: 'waiting 1' });
  await second.service.stop();
  await writeFile(path.join(first.home, 'queue.json'), '{');
  const third = await createSetting({ at: first.home });
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

test('a watcher is told that one was removed, once and for all', async () => {
  const { service, start } = await createSetting();
  await start('a');
  await start('b');
  const leave = new AbortController();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { name, removed = false } of service.watchAll(leave.signal)) {
      seen.push(`${name} ${removed}`);
      if (removed) leave.abort();
    }
  })();
  await sleep(20);
  await service.remove('b-v1');
  await reading;
  assert.equal(seen.at(-1), 'b true');
  await service.stop();
});

const query = (part: Partial<MainJobQuery> = {}): MainJobQuery => mainJobQuery.parse(part);

test('one that waits can be removed with its folder, one that runs can not, and one that is over is gone for good', async () => {
  const { service, start, end, home: folder } = await createSetting();
  for (const name of ['a', 'b', 'c']) await start(name);
  await assert.rejects(
    service.remove('a-v1'),
    refusedWith('main-job.not-allowed', /cannot be removed while it is running: cancel it first/),
  );
  const { removed, freedBytes } = await service.remove('b-v1');
  assert.equal(removed, 'b:v1');
  assert.ok(freedBytes > 0);
  assert.deepEqual(await states(service), { a: 'running -', c: 'waiting 1' });
  await assert.rejects(readFile(path.join(folder, 'models', 'b', 'v1', 'build.json')), { code: 'ENOENT' });
  await assert.rejects(service.remove('b-v1'), refusedWith('engine.not-found', /no main job/));
  await end(new Error('broken'));
  assert.equal((await service.page(query())).total, 1);
  await service.remove('a-v1');
  assert.deepEqual(await service.page(query()), { rows: [], total: 0, all: 0 });
  await service.stop();
});

test('those that are over are sorted, filtered and paged; what waits or runs is not among them', async () => {
  const { service, start, end, home: folder } = await createSetting();
  for (const name of ['a10', 'a9', 'b']) {
    await start(name);
    await end(new Error('broken'));
  }
  await start('c');
  const names = async (part: Partial<MainJobQuery>): Promise<string> =>
    (await service.page(query(part))).rows.map(({ name }) => name).join(' ');
  assert.equal(await names({ sort: 'name', descending: false }), 'a9 a10 b');
  assert.equal(await names({}), 'b a9 a10');
  assert.equal(await names({ descending: false, offset: 1, limit: 1 }), 'a9');
  assert.equal(await names({ text: 'A1' }), 'a10');
  assert.equal(await names({ text: 'rows.csv', states: ['succeeded'] }), '');
  const { total, all } = await service.page(query({ states: ['failed'], text: 'b:v1' }));
  assert.deepEqual([total, all], [1, 3]);
  await rm(path.join(folder, 'models', 'b'), { recursive: true });
  assert.deepEqual(await names({}), 'a9 a10', 'a folder deleted by hand takes no row with it');
  await service.stop();
});

test('a run that fails names the worker job of the step it failed at, so that its curves are found again', async () => {
  const { service, start, end, ran } = await createSetting({ live: 'job-7' });
  await start('a');
  await end(new Error('broken'));
  const trained = (await service.get('a-v1')).steps.find(({ step }) => step === 'train');
  assert.deepEqual([ran, trained?.state, trained?.job, trained?.text], [['a-v1'], 'failed', 'job-7', 'training']);
  await service.stop();
});
