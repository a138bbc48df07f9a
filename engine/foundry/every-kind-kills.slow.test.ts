// Every kind of job survives kill -9 and a pause with the same outcome. FORGE_JOB_KILLS (a kind), FORGE_JOB_ROWS and FORGE_JOB_SEED make it as long as wanted.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOver } from '#contract/foundry-job-over.ts';
import {
  kindsHere,
  openWorld,
  runKind,
  type KindsFiles,
  type KindsWorld,
  type TriedKind,
} from './testing/every-kind.ts';
import { imported, importOf, temporaryHome } from './testing/foundry-fixture.ts';
import { numbers, writeDocuments, writeVariedRows } from './testing/varied-rows.ts';

const killsPerKind = Number(process.env['FORGE_JOB_KILLS'] ?? 1);
const rows = Number(process.env['FORGE_JOB_ROWS'] ?? 3_000);
const seed = Number(process.env['FORGE_JOB_SEED'] ?? Date.now() % 1_000_000);
const below = numbers(seed);

let home = '';
let remove: () => Promise<void> = () => Promise.resolve();
let files: KindsFiles = { rowsFile: '', documents: '' };
let kinds: readonly TriedKind[] = [];
const whole = new Map<string, { readonly outcome: unknown; readonly ms: number }>();

async function openWithRows(folder: string): Promise<KindsWorld> {
  const world = openWorld(path.join(home, folder));
  await world.foundry.begin();
  await imported(world.foundry, importOf([files.rowsFile]), 'rows');
  return world;
}

before(async () => {
  ({ home, remove } = await temporaryHome());
  files = { rowsFile: path.join(home, 'rows.jsonl'), documents: path.join(home, 'documents') };
  await writeVariedRows(files.rowsFile, rows, seed);
  await writeDocuments(files.documents, rows, seed);
  kinds = await kindsHere();
  const world = await openWithRows('whole');
  try {
    for (const tried of kinds) {
      const startMs = performance.now();
      const outcome = await runKind(tried, world, { files, id: `killed-${tried.kind}` });
      whole.set(tried.kind, { outcome, ms: performance.now() - startMs });
    }
  } finally {
    await world.foundry.stop();
  }
});
after(() => remove());

/** Files and folders of a home that are left when no job runs, apart from the jobs' own records. */
async function leftIn(folder: string): Promise<string[]> {
  const all = await readdir(path.join(home, folder), { recursive: true });
  const half = /(?:^|[\\/])(?:work|\.removed[\\/].*|.*\.(?:partial|half.*|part|final|kept|sides|old))$/;
  return all.filter((name) => half.test(name) && !name.endsWith(`${path.sep}.removed`));
}

interface Round {
  /** Kills of each kind that are still to come. */
  readonly left: Map<string, number>;
  readonly outcomes: Map<string, unknown>;
}

/** One life of the child: until it is through, or is killed while it runs a job that has kills left. */
async function liveOnce({ left, outcomes }: Round): Promise<'through' | 'killed'> {
  const program = path.join(import.meta.dirname, 'testing', 'every-kind-child.ts');
  const names = kinds.map(({ kind }) => kind);
  const child = spawn(process.execPath, [
    program,
    path.join(home, 'killed'),
    files.rowsFile,
    files.documents,
    ...names,
  ]);
  let [err, deadline]: [string, NodeJS.Timeout | null] = ['', null];
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const gone = new Promise<number | null>((resolve) => child.on('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { running?: string; ended?: string; outcome?: unknown };
    if (told.ended !== undefined) outcomes.set(told.ended, told.outcome);
    if (deadline !== null) clearTimeout(deadline);
    const kills = left.get(told.running ?? '') ?? 0;
    if (told.running === undefined || kills === 0) continue;
    left.set(told.running, kills - 1);
    deadline = setTimeout(() => child.kill('SIGKILL'), below(Math.ceil(whole.get(told.running)?.ms ?? 0)));
  }
  if ((await gone) === null) return 'killed';
  assert.equal(child.exitCode, 0, err);
  return 'through';
}

test(`a job of any kind that is killed ends as one that is not (seed ${seed})`, async (t) => {
  const world = await openWithRows('killed');
  await world.foundry.stop();
  const round: Round = { left: new Map(kinds.map(({ kind }) => [kind, killsPerKind])), outcomes: new Map() };
  let killed = 0;
  while ((await liveOnce(round)) === 'killed') killed += 1;
  t.diagnostic(`${killed} kills over ${kinds.length} kinds of ${rows} rows`);
  assert.ok(killed >= kinds.length / 2, `only ${killed} kills came in time`);
  for (const { kind } of kinds) assert.deepEqual(round.outcomes.get(kind), whole.get(kind)?.outcome, kind);
  assert.deepEqual(await leftIn('killed'), await leftIn('whole'));
  const versions = openWorld(path.join(home, 'killed'));
  const made = (await versions.foundry.versions.list()).map(({ name, version }) => `${name}:${version}`).toSorted();
  const once = kinds.filter(({ kind }) => ['import', 'documents', 'freeze', 'script'].includes(kind));
  assert.deepEqual(made, [...once.map(({ kind }) => `killed-${kind}:1`), 'rows:1'].toSorted());
});

test('a job of any kind is paused, shown as paused to the next engine, and ends as one that was not', async (t) => {
  let world = await openWithRows('paused');
  for (const tried of kinds) {
    const { outcome, ms } = whole.get(tried.kind) ?? { outcome: null, ms: 0 };
    const job = await tried.start(world, files, `killed-${tried.kind}`);
    await sleep(below(Math.ceil(ms)));
    const startMs = performance.now();
    const stopped = await world.foundry.jobs.pause(job.id).catch(() => world.foundry.jobs.get(job.id));
    t.diagnostic(`${tried.kind}: ${stopped.state} after ${Math.round(performance.now() - startMs)} ms`);
    if (!isOver(stopped)) {
      assert.equal(stopped.state, 'paused');
      await world.foundry.stop();
      world = openWorld(path.join(home, 'paused'));
      await world.foundry.begin();
      assert.equal(world.foundry.jobs.get(job.id).state, 'paused');
      await world.foundry.jobs.resume(job.id);
    }
    assert.deepEqual(await runKind(tried, world, { files, id: `killed-${tried.kind}` }), outcome, tried.kind);
  }
  await world.foundry.stop();
});
