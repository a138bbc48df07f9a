// A cancel of any kind of job takes at most a second, whatever it is doing. FORGE_JOB_ROWS and FORGE_JOB_SEED choose other rows and moments.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { kindsHere, openWorld, type KindsFiles, type KindsWorld, type TriedKind } from './testing/every-kind.ts';
import { imported, importOf, temporaryHome } from './testing/foundry-fixture.ts';
import { numbers, writeDocuments, writeVariedRows } from './testing/varied-rows.ts';

const rows = Number(process.env['FORGE_JOB_ROWS'] ?? 100_000);
const seed = Number(process.env['FORGE_JOB_SEED'] ?? Date.now() % 1_000_000);
const [mostMs, momentsPerKind, latestMs] = [1_000, 3, 2_000];
const below = numbers(seed);

let remove: () => Promise<void> = () => Promise.resolve();
let files: KindsFiles = { rowsFile: '', documents: '' };
let world: KindsWorld;

before(async () => {
  const temporary = await temporaryHome();
  const { home } = temporary;
  files = { rowsFile: path.join(home, 'rows.jsonl'), documents: path.join(home, 'documents') };
  await writeVariedRows(files.rowsFile, rows, seed);
  await writeDocuments(files.documents, rows, seed);
  world = openWorld(path.join(home, 'home'));
  remove = async () => {
    await world.foundry.stop();
    await temporary.remove();
  };
  await world.foundry.begin();
  await imported(world.foundry, importOf([files.rowsFile]), 'rows');
});
after(() => remove());

/** Cancels a job a moment after it began to run. @returns how long the cancel took; null where the job had ended before */
async function cancelAfter(tried: TriedKind, delayMs: number, id: string): Promise<number | null> {
  const { jobs } = world.foundry;
  const job = await tried.start(world, files, id);
  for await (const { state } of jobs.watch(job.id)) if (state !== 'waiting') break;
  await sleep(delayMs);
  const startMs = performance.now();
  const { state } = await jobs.cancel(job.id);
  return state === 'cancelled' ? performance.now() - startMs : null;
}

/** Names of a folder that no job which ended before its cancel made; a file of documents begins with the name of its job. */
async function leftIn(folder: string, ended: readonly string[]): Promise<string[]> {
  const names = await readdir(path.join(world.home, folder)).catch(() => []);
  return names.filter((name) => !ended.some((id) => name === id || name.startsWith(`${id}-`)));
}

test(`a cancel takes at most ${mostMs} ms and leaves nothing behind (seed ${seed})`, async (t) => {
  const ended: string[] = [];
  for (const tried of await kindsHere()) {
    const took: number[] = [];
    let latest = latestMs;
    for (let count = 0; took.length < momentsPerKind; count += 1) {
      const id = `cancelled-${tried.kind}-${count}`;
      const ms = await cancelAfter(tried, below(latest), id);
      if (ms !== null) took.push(Math.round(ms));
      else {
        latest /= 2;
        ended.push(id);
      }
    }
    t.diagnostic(`${tried.kind.padEnd(14)} ${took.join(', ')} ms`);
    assert.ok(Math.max(...took) <= mostMs, `${tried.kind}: ${took.join(', ')} ms`);
  }
  assert.deepEqual(await leftIn('exports', ended), [], 'no half export');
  assert.deepEqual(await leftIn(path.join('datasets', 'documents'), ended), [], 'no half documents');
});
