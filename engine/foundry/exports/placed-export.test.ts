import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { dataExportReport, type DataExportReport } from '#contract/data-exports.ts';
import type { FoundryService } from '../foundry-service.ts';
import { rowTexts } from '../row-texts-port.ts';
import { imported, importOf, openFoundry, temporaryHome } from '../testing/foundry-fixture.ts';
import type { WorkContext } from '../work-context.ts';
import { exportWork } from './export-work.ts';

let [home, remove]: [string, () => Promise<void>] = ['', () => Promise.resolve()];
let foundry: FoundryService;

before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  const file = path.join(home, 'rows.jsonl');
  await writeFile(file, '{"prompt":"q","completion":"a"}\n{"prompt":"r","completion":"b"}\n');
  await imported(foundry, importOf([file]), 'rows');
});
after(async () => {
  await foundry.stop();
  await remove();
});

/** An export as a job does it; called twice with one name it is a job that is taken up again. */
async function exported(name: string): Promise<DataExportReport> {
  const folder = path.join(home, 'foundry', name, 'work');
  await mkdir(folder, { recursive: true });
  const context: WorkContext = {
    folder,
    folders: { store: path.join(home, 'store'), datasets: path.join(home, 'datasets') },
    store: foundry.versions,
    texts: rowTexts,
    startedAt: 0,
    signal: new AbortController().signal,
    wish: () => 'go-on',
    countTokens: () => Promise.reject(new Error('nothing is counted here')),
    breathe: () => Promise.resolve(),
    report: () => undefined,
  };
  const to = path.join(home, 'exports', name);
  const request = { name: 'rows', version: 1, format: 'trl', to, mode: 'write', overwrite: false, split: null };
  return dataExportReport.parse(await exportWork(request, context));
}

test('an export that stood when the engine died is done, not made again inside itself', async () => {
  const first = await exported('stands');
  const again = await exported('stands');
  assert.deepEqual(again, first);
  const names = first.files.map((file) => file.path);
  assert.deepEqual((await readdir(path.join(home, 'exports', 'stands'))).toSorted(), names.toSorted());
});

test('a file that changed since is never replaced: the export is made again beside it', async () => {
  const { folder, files } = await exported('changed');
  await writeFile(path.join(folder ?? '', files[0]?.path ?? ''), 'of another hand');
  const inside = await exported('changed');
  assert.equal(path.dirname(inside.folder ?? ''), folder);
  assert.equal(await readFile(path.join(folder ?? '', files[0]?.path ?? ''), 'utf8'), 'of another hand');
});

test('what a killed engine left beside the place goes before the export is made again', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const half = path.join(home, 'exports', `.killed.forge-${pid}.partial`);
  const first = await exported('killed');
  await mkdir(half);
  await exported('killed');
  assert.ok(!(await readdir(path.join(home, 'exports'))).includes(path.basename(half)));
  assert.equal(first.written, 2);
});
