import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { changeKinds, diffReport, type DiffReport, type VersionPair } from '#contract/dataset-diffs.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FoundryService } from '../foundry-service.ts';
import { ended, importOf, imported, openFoundry, temporaryHome } from '../testing/foundry-fixture.ts';
import { diffFolder } from './diff-files.ts';
import { createDiffService, type DiffService } from './diff-service.ts';

let [home, remove]: [string, () => Promise<void>] = ['', () => Promise.resolve()];
let foundry: FoundryService;
let diffs: DiffService;
const folders = () => ({ store: path.join(home, 'store'), datasets: path.join(home, 'datasets') });

interface Line {
  readonly id: string;
  readonly prompt: string;
  readonly answer: string;
}

function line(id: string, answer: string): Line {
  return { id, prompt: `What is ${id}?`, answer };
}

async function importLines(file: string, lines: readonly Line[]): Promise<void> {
  const place = path.join(home, file);
  await writeFile(place, lines.map((one) => JSON.stringify(one)).join('\n'));
  await imported(foundry, importOf([place]), file);
}

const pair: VersionPair = { before: { name: 'rows', version: 1 }, after: { name: 'rows', version: 2 } };

let requests = 0;
async function compared(given: VersionPair): Promise<DiffReport> {
  const job = await diffs.start({ ...given, requestId: `diff-${(requests += 1)}` });
  const last = await ended(foundry, job.id);
  assert.equal(last.state, 'done', JSON.stringify(last.failure));
  return diffReport.parse(last.result);
}

before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  diffs = createDiffService({ foundry, folders: folders() });
  await foundry.begin();
  const kept = Array.from({ length: 30 }, (_, index) => line(`kept-${index}`, `It stays as it is, ${index}.`));
  await importLines('march.jsonl', [...kept, line('gone', 'It goes away.'), line('edited', 'It was like this.')]);
  // Another file, another order: ids say which row is which.
  await importLines('april.jsonl', [line('new', 'It came.'), line('edited', 'It is like that.'), ...kept.toReversed()]);
});
after(async () => {
  await foundry.stop();
  await remove();
});

test('before two versions were compared there is no report, and no page of one', async () => {
  assert.equal(await diffs.report(pair), null);
  await assert.rejects(
    diffs.page({ ...pair, change: 'added', offset: 0, limit: 10 }),
    (error) => error instanceof ForgeError && error.code === 'foundry.no-diff',
  );
});

test('a diff counts what became of every row, and lists them in a file', async () => {
  const report = await compared(pair);
  const { same, added, removed, changed, moved } = report;
  assert.deepEqual({ same, added, removed, changed, moved }, { same: 30, added: 1, removed: 1, changed: 1, moved: 0 });
  assert.deepEqual(await diffs.report(pair), report);
  const lines = (await readFile(report.rowsPath, 'utf8')).trim().split('\n');
  const listed = lines.map((text) => JSON.parse(text) as { change: string; id: string; earlierId?: string });
  assert.deepEqual(
    listed.map(({ change }) => change),
    ['added', 'removed', 'changed'],
  );
  assert.ok(listed.every(({ id }) => /^[0-9a-f]{32}$/.test(id)));
  assert.notEqual(listed[2]?.id, listed[2]?.earlierId);
});

test('a page has the rows as they were and as they are', async () => {
  await compared(pair);
  const [added, removed, changed, moved] = await Promise.all(
    changeKinds.map((change) => diffs.page({ ...pair, change, offset: 0, limit: 10 })),
  );
  assert.equal(added?.rows[0]?.after?.answer, 'It came.');
  assert.equal(added?.rows[0]?.before, null);
  assert.equal(removed?.rows[0]?.before?.answer, 'It goes away.');
  assert.equal(removed?.rows[0]?.after, null);
  assert.equal(changed?.total, 1);
  assert.equal(changed?.rows[0]?.before?.answer, 'It was like this.');
  assert.equal(changed?.rows[0]?.after?.answer, 'It is like that.');
  assert.deepEqual(moved, { total: 0, rows: [] });
  assert.deepEqual((await diffs.page({ ...pair, change: 'added', offset: 5, limit: 10 })).rows, []);
});

test('a version against itself is all the same', async () => {
  const own = { before: pair.after, after: pair.after };
  const { same, added, removed, changed, moved } = await compared(own);
  assert.deepEqual([same, added, removed, changed, moved], [32, 0, 0, 0, 0]);
});

test('a damaged report is as none, and a version that is not there is told', async () => {
  await compared(pair);
  await writeFile(path.join(diffFolder(folders(), pair), 'diff.json'), '{"schema":');
  assert.equal(await diffs.report(pair), null);
  await rm(diffFolder(folders(), pair), { recursive: true });
  assert.equal(await diffs.report(pair), null);
  await assert.rejects(
    diffs.start({ ...pair, after: { name: 'rows', version: 9 }, requestId: 'no' }),
    (error) => error instanceof ForgeError && error.code === 'foundry.version-unknown',
  );
});
