// D-6: kill -9 at random points of an import. FORGE_IMPORT_KILLS and FORGE_IMPORT_ROWS make it as long as wanted (50 and 1,000,000 are the acceptance).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { importReport, type ImportReport } from '#contract/dataset-versions.ts';
import { generateRows, type GeneratedRows } from './testing/generated-rows.ts';
import { imported, importOf, openFoundry, temporaryHome } from './testing/foundry-fixture.ts';

const kills = Number(process.env['FORGE_IMPORT_KILLS'] ?? 5);
const rows = Number(process.env['FORGE_IMPORT_ROWS'] ?? 100_000);
const seed = Number(process.env['FORGE_IMPORT_SEED'] ?? Date.now() % 1_000_000);

let home = '';
let remove: () => Promise<void> = () => Promise.resolve();
let file = '';
let expected: GeneratedRows = { seen: 0, rejected: 0, merged: 0 };

before(async () => {
  ({ home, remove } = await temporaryHome());
  file = path.join(home, 'rows.jsonl');
  expected = await generateRows(file, rows, seed);
});
after(() => remove());

/** Runs the child until it ends or is killed; null for a killed one. */
async function runChild(killAfterMs: number | null): Promise<ImportReport | null> {
  const child = spawn(process.execPath, [
    path.join(import.meta.dirname, 'testing', 'import-child.ts'),
    path.join(home, 'killed'),
    file,
  ]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const gone = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  if (killAfterMs !== null) {
    await Promise.race([sleep(killAfterMs), gone]);
    child.kill('SIGKILL');
  }
  const code = await gone;
  if (killAfterMs !== null && code === null) return null;
  assert.equal(code, 0, err);
  return importReport.parse(JSON.parse(out));
}

test(`an import that is killed ${kills} times ends in the same version as one that is not (seed ${seed})`, async (t) => {
  const foundry = openFoundry(path.join(home, 'whole'));
  const startMs = performance.now();
  const whole = await imported(foundry, importOf([file]), 'whole-import');
  const wholeMs = performance.now() - startMs;
  await foundry.stop();
  const { seen, accepted, rejected, merged } = whole;
  assert.deepEqual({ seen, rejected, merged }, expected);
  assert.equal(accepted, seen - rejected - merged);

  // A version that stands before: it must be readable after every kill.
  const small = path.join(home, 'small.jsonl');
  await generateRows(small, 1_000, seed + 1);
  const earlier = openFoundry(path.join(home, 'killed'));
  const before = await imported(earlier, importOf([small]), 'earlier-import');
  await earlier.stop();

  let done: ImportReport | null = null;
  let killed = 0;
  while (done === null && killed < kills) {
    // Long enough to pass checkpoints, spread over the whole of the work: reading, merging, listing, making the version.
    done = await runChild(400 + Math.random() * Math.max(600, (wholeMs * 2.5) / kills));
    if (done !== null) break;
    killed += 1;
    const reader = openFoundry(path.join(home, 'killed'));
    const version = await reader.versions.read({ name: 'rows', version: before.version ?? 0 });
    const page = await reader.page({
      ...{ name: 'rows', version: version.version, offset: 0, limit: 5 },
      sort: { by: 'place', descending: false },
      filter: { text: '', kind: null, flag: null, group: null, ids: null, study: null },
    });
    assert.equal(page.rows.length, 5);
    await reader.stop();
  }
  done ??= await runChild(null);
  t.diagnostic(`${killed} kills, whole import ${Math.round(wholeMs)} ms`);
  assert.ok(killed > 0, 'no kill came in time');
  assert.deepEqual(
    [done?.digest, done?.seen, done?.accepted, done?.rejected, done?.merged, done?.version],
    [whole.digest, seen, accepted, rejected, merged, 2],
  );
  const versions = openFoundry(path.join(home, 'killed'));
  const all = await versions.versions.list();
  assert.deepEqual(
    all.map(({ version }) => version),
    [2, 1],
    'no half version and no second one',
  );
  const [first, second] = await Promise.all([rejectsOf(whole), rejectsOf(done)]);
  assert.equal(second, first, 'the rejects are the same too');
  await versions.stop();
});

async function rejectsOf(report: ImportReport | null): Promise<string> {
  return readFile(report?.rejectsPath ?? '', 'utf8');
}
