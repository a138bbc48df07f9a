import assert from 'node:assert/strict';
import { link, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { diskPart } from '#contract/settings.ts';
import { FakeClock } from '#core/ports/fake-clock.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { homeLayout } from '../home-layout.ts';
import type { StorageUse } from './disk-parts.ts';
import { createStorageService, keptMs, type StorageService } from './storage-service.ts';

let home = '';
let clock = new FakeClock();
const use = {
  working: false,
  preparing: false,
  files: [] as string[],
  environment: null as string | null,
  over: ['done'],
};
const inUse: StorageUse = {
  isWorking: () => use.working,
  isPreparingData: () => use.preparing,
  modelFiles: () => use.files,
  environment: () => use.environment,
  jobsOver: () => new Set(use.over),
};
let storage: StorageService;

async function put(name: string, bytes: number): Promise<string> {
  const file = path.join(home, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, Buffer.alloc(bytes));
  return file;
}

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'forge-storage-'));
  clock = new FakeClock();
  Object.assign(use, { working: false, preparing: false, files: [], environment: null, over: ['done'] });
  storage = createStorageService({ layout: homeLayout(home), use: inUse, clock, logger: silentLogger });
  await put('base-models/one/gguf/a.gguf', 1000);
  await put('base-models/two/gguf/b.gguf', 2000);
  await put('base-models/own.json', 10);
  await put('envs/cpu-0123456789ab/python/bin/python', 300);
  await put('envs/dev-0123456789ab/python/bin/python', 400);
  await put('tools/uv/uv', 50);
  await put('models/support/v1/build.json', 70);
  await put('runs/done/attempts/1/checkpoints/5/weights', 5000);
  await put('runs/done/attempts/1/events.jsonl', 30);
  await put('runs/paused/attempts/2/checkpoints/7/weights', 7000);
  await put('cache/compiled/a', 11);
  await put('cache/b', 12);
  await put('logs/network.jsonl', 13);
  await put('logs/engine.log', 14);
  await put('logs/environment.log', 15);
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function sizes(): Promise<Record<string, [number, number]>> {
  clock.advance(keptMs);
  const { parts } = await storage.usage();
  return Object.fromEntries(
    parts.filter(({ bytes }) => bytes > 0).map(({ id, bytes, freeableBytes }) => [id, [bytes, freeableBytes]]),
  );
}

const all = {
  'base-models': [3010, 3000],
  environments: [750, 750],
  models: [70, 0],
  checkpoints: [12_000, 5000],
  runs: [30, 0],
  caches: [23, 23],
  logs: [42, 15],
};

const isThere = (name: string): Promise<boolean> =>
  stat(path.join(home, name)).then(
    () => true,
    () => false,
  );

const refusedWith = (code: string) => (error: unknown) => error instanceof ForgeError && error.code === code;

test('every part is counted once, with what could go', async () => {
  const { parts, freeBytes, totalBytes } = await storage.usage();
  for (const part of parts) diskPart.parse(part);
  assert.ok(freeBytes > 0 && totalBytes >= freeBytes);
  assert.deepEqual(await sizes(), all);
});

test('cleaning takes what is free of a part and nothing else', async () => {
  assert.equal(await storage.clean('checkpoints'), 5000);
  assert.deepEqual(
    [
      await isThere('runs/done/attempts/1/checkpoints/5'),
      await isThere('runs/paused/attempts/2/checkpoints/7/weights'),
    ],
    [false, true],
  );
  assert.equal(await isThere('runs/done/attempts/1/events.jsonl'), true);
  assert.deepEqual([await storage.clean('logs'), await storage.clean('caches')], [15, 23]);
  assert.deepEqual((await readdir(path.join(home, 'logs'))).toSorted(), ['engine.log', 'network.jsonl']);
  assert.deepEqual([await storage.clean('base-models'), await storage.clean('environments')], [3000, 750]);
  assert.deepEqual(await sizes(), {
    'base-models': [10, 0],
    models: [70, 0],
    checkpoints: [7000, 0],
    runs: [30, 0],
    logs: [27, 0],
  });
  assert.deepEqual(await readdir(path.join(home, 'cache')), [], 'nothing is left aside');
  assert.equal(await storage.clean('caches'), 0);
});

test('what is in use stays: models in memory, everything that work needs, an environment being set up', async () => {
  use.files = [path.join(home, 'base-models/one/gguf/a.gguf')];
  assert.deepEqual((await sizes())['base-models'], [3010, 2000]);
  assert.equal(await storage.clean('base-models'), 2000);
  assert.equal(await isThere('base-models/one/gguf/a.gguf'), true);
  await assert.rejects(storage.clean('base-models'), refusedWith('disk.in-use'));
  use.working = true;
  use.files = [];
  use.environment = path.join(home, 'envs/cpu-0123456789ab');
  await assert.rejects(storage.clean('base-models'), refusedWith('disk.in-use'));
  assert.equal(await storage.clean('environments'), 400);
  assert.deepEqual(await readdir(path.join(home, 'envs')), ['cpu-0123456789ab']);
  assert.equal(await isThere('tools/uv/uv'), true);
  use.working = false;
  await put('envs/.setup-cpu-0123456789ab.json', 2);
  await assert.rejects(storage.clean('environments'), refusedWith('disk.in-use'));
});

test('work that begins while a part is cleaned keeps what is still there', async () => {
  let looked = 0;
  const busySoon: StorageUse = { ...inUse, isWorking: () => (looked += 1) > 4 };
  const eager = createStorageService({ layout: homeLayout(home), use: busySoon, clock, logger: silentLogger });
  const freed = await eager.clean('base-models');
  assert.ok(freed < 3000, String(freed));
  assert.equal(await isThere('base-models/two/gguf/b.gguf'), true);
});

test('kept and unknown parts are refused, and nothing is touched', async () => {
  for (const id of ['models', 'runs', 'datasets', 'comparisons', 'index'])
    await assert.rejects(storage.clean(id), refusedWith('disk.kept'), id);
  for (const id of ['', '..', 'base-models/one', '__proto__'])
    await assert.rejects(storage.clean(id), refusedWith('disk.unknown-part'), id);
  assert.deepEqual(await sizes(), all);
});

test('sizes are kept for 30 s and looked at anew after a cleaning', async () => {
  await storage.usage();
  await put('cache/c', 1000);
  const bytesOf = async (): Promise<number | undefined> =>
    (await storage.usage()).parts.find(({ id }) => id === 'caches')?.bytes;
  assert.equal(await bytesOf(), 23);
  clock.advance(keptMs);
  assert.equal(await bytesOf(), 1023);
  await storage.clean('caches');
  assert.equal(await bytesOf(), 0);
});

test('a file with two names is counted once, and freed only with its last; links are not followed', async () => {
  const outside = await mkdtemp(path.join(tmpdir(), 'forge-outside-'));
  try {
    await link(await put('envs/cpu-0123456789ab/lib', 600), path.join(outside, 'lib'));
    const inside = await put('envs/cpu-0123456789ab/twice', 80);
    await link(inside, path.join(home, 'envs/dev-0123456789ab/twice'));
    await symlink(outside, path.join(home, 'envs/cpu-0123456789ab/away'));
    const { environments } = await sizes();
    const part = (await storage.usage()).parts.find(({ id }) => id === 'environments');
    assert.equal(part?.deletableBytes, part?.bytes, 'all of it goes, though not all of it is free then');
    const linkBytes = (environments?.[0] ?? 0) - 750 - 680;
    assert.deepEqual(environments, [750 + 680 + linkBytes, 750 + 80 + linkBytes]);
    assert.ok(linkBytes < 200, 'the link itself at most');
    await storage.clean('environments');
    assert.deepEqual(await readdir(outside), ['lib']);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});

test('rows count once under their dataset, and files that were handed over may go while nothing reads them', async () => {
  await mkdir(path.join(home, 'datasets/tickets/v1'), { recursive: true });
  await link(await put('store/ab/ab12', 900), path.join(home, 'datasets/tickets/v1/rows.jsonl'));
  await put('datasets/kept/examples.jsonl', 40);
  await put('datasets/uploads/tickets.csv', 700);
  await put('datasets/hub/owner--name/rows.jsonl', 60);
  const measured = await sizes();
  assert.deepEqual([measured['datasets']?.[0], measured['uploads']], [940, [760, 760]]);
  use.preparing = true;
  await assert.rejects(storage.clean('uploads'), refusedWith('disk.in-use'));
  use.preparing = false;
  assert.equal(await storage.clean('uploads'), 760);
  assert.deepEqual((await sizes())['datasets']?.[0], 940);
  assert.equal(await isThere('datasets/kept/examples.jsonl'), true);
});

test('a home in which nothing was made yet has empty parts', async () => {
  await rm(home, { recursive: true });
  await mkdir(home);
  assert.deepEqual(await sizes(), {});
  assert.deepEqual([await storage.clean('base-models'), await storage.clean('checkpoints')], [0, 0]);
});
