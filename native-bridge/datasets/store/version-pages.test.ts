import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pageRequest, type DatasetVersion, type PageRequest } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { sftRow, textRow } from '#core/foundry/fake-rows.ts';
import { answerTextOf, promptTextOf } from '#core/foundry/row-texts.ts';
import { silentLogger } from '#core/ports/logger.ts';
import type { RowTexts } from '#core/foundry/version-store.ts';
import { buildIndex } from './build-index.ts';
import { createVersionStore, restoreMs } from './create-version-store.ts';
import { writeFigureRows } from './figure-rows.ts';
import { blobPath, indexPath, type StoreFolders } from './store-places.ts';
import { createVersionPages } from './version-pages.ts';

const texts: RowTexts = {
  promptOf: promptTextOf,
  answerOf: answerTextOf,
};

let home = '';
let folders: StoreFolders = { store: '', datasets: '' };
let nowMs = 1_000_000;
let made = 0;

before(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'forge-store-'));
  folders = { store: path.join(home, 'store'), datasets: path.join(home, 'datasets') };
});
after(() => rm(home, { recursive: true, force: true }));

const store = () => createVersionStore({ folders, nowMs: () => nowMs, logger: silentLogger });

function numbered(index: number, row: CanonicalRow): CanonicalRow {
  return { ...row, id: index.toString(16).padStart(32, '0') };
}

async function version(
  name: string,
  rows: readonly CanonicalRow[],
  rejects: readonly object[] = [],
): Promise<DatasetVersion> {
  const folder = await mkdtemp(path.join(home, `job-${(made += 1)}-`));
  const files = { rowsFile: path.join(folder, 'rows'), indexFile: path.join(folder, 'index.db') };
  await writeFile(files.rowsFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const rejectsFile = rejects.length === 0 ? null : path.join(folder, 'rejects');
  if (rejectsFile !== null) await writeFile(rejectsFile, rejects.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const { digest, rows: count, kinds, sizeBytes } = await buildIndex({ ...files, texts });
  const recipe = { import: null, steps: [], split: null };
  const counts = { seen: count + rejects.length, rejected: rejects.length, merged: 0 };
  const about = { name, parent: null, recipe, rows: count, kinds, sizeBytes, ...counts, sources: [], warnings: [] };
  return store().commit({ folder, ...files, digest, rejectsFile, about });
}

function asked({ name, version: number }: DatasetVersion, more: object = {}): PageRequest {
  return pageRequest.parse({ name, version: number, ...more });
}

const rows = [
  numbered(1, sftRow('What is red?', 'A colour.')),
  numbered(2, sftRow('Größe?', 'Groß und "laut".', { flags: [{ check: 'import', code: 'DUP_ID' }] })),
  numbered(3, textRow('Role of the user in messages.', { group: 'g2' })),
  numbered(4, sftRow('q', 'Nothing of it.')),
];

test('pages come in every order and by every filter', async () => {
  const pages = createVersionPages(folders, texts);
  const made = await version('orders', rows);
  const places = async (more: object): Promise<number[]> =>
    (await pages.page(made, asked(made, more))).rows.map(({ place }) => place);
  const filtered = (filter: object): object => ({
    filter: { text: '', kind: null, flag: null, group: null, ids: null, ...filter },
  });
  assert.deepEqual(await places({}), [0, 1, 2, 3]);
  assert.deepEqual(await places({ offset: 1, limit: 2 }), [1, 2]);
  assert.deepEqual(await places({ offset: 9 }), []);
  const by = (name: string, descending = false): object => ({ sort: { by: name, descending } });
  assert.deepEqual(await places(by('place', true)), [3, 2, 1, 0]);
  assert.deepEqual(await places(by('promptCharacters')), [2, 3, 1, 0]);
  assert.deepEqual(await places(by('answerCharacters', true)), [2, 1, 3, 0]);
  assert.deepEqual(await places(by('group', true)), [3, 1, 0, 2]);
  assert.deepEqual(await places(by('flags', true)), [1, 2, 3, 0]);
  assert.deepEqual(await places(by('kind', true)), [2, 3, 1, 0]);
  assert.deepEqual(await places(filtered({ kind: 'sft' })), [0, 1, 3]);
  assert.deepEqual(await places({ ...filtered({ kind: 'sft' }), ...by('answerCharacters') }), [0, 3, 1]);
  assert.deepEqual(await places(filtered({ flag: 'DUP_ID' })), [1]);
  assert.deepEqual(await places({ ...filtered({ flag: 'DUP_ID', kind: 'sft' }), ...by('promptCharacters') }), [1]);
  assert.deepEqual(await places(filtered({ group: 'g2' })), [2]);
  assert.deepEqual(await places(filtered({ ids: [rows[3]?.id, rows[0]?.id, 'nobody'] })), [0, 3]);
  pages.close();
});

test('a search finds text wherever it stands, in any case, and never the names of keys', async () => {
  const pages = createVersionPages(folders, texts);
  const made = await version('searched', rows);
  const found = async (text: string, more: object = {}): Promise<[number, number[]]> => {
    const filter = { text, kind: null, flag: null, group: null, ids: null, ...more };
    const page = await pages.page(made, asked(made, { filter }));
    return [page.total, page.rows.map(({ place }) => place)];
  };
  assert.deepEqual(await found('GROSS'), [0, []]);
  assert.deepEqual(await found('groß'), [1, [1]]);
  assert.deepEqual(await found('GRÖSSE'), [0, []]);
  assert.deepEqual(await found('"LAUT"'), [1, [1]]);
  assert.deepEqual(await found('user'), [1, [2]]);
  assert.deepEqual(await found('assistant'), [0, []]);
  assert.deepEqual(await found('o'), [4, [0, 1, 2, 3]]);
  const escapes = await version('escapes', [numbered(1, sftRow('a\nword', 'back\\slash "quoted"'))]);
  const totalOf = async (text: string): Promise<number> =>
    (await pages.page(escapes, asked(escapes, { filter: { text, kind: null, flag: null, group: null, ids: null } })))
      .total;
  const totals = await Promise.all(['nword', 'word', 'a\nword', 'k\\s', '"quoted"', 'slash "q'].map(totalOf));
  assert.deepEqual(totals, [0, 1, 1, 1, 1, 1]);
  assert.deepEqual(await found('o', { kind: 'text' }), [1, [2]]);
  pages.close();
});

test('a row shows its head, its flags and its whole length, however long it is', async () => {
  const pages = createVersionPages(folders, texts);
  const long = numbered(9, sftRow('q', `${'x'.repeat(299)}🙂${'y'.repeat(200_000)}`));
  const made = await version('long', [long, ...rows]);
  const [first, , third] = (await pages.page(made, asked(made))).rows;
  assert.deepEqual([first?.answer.length, first?.answerCharacters, first?.answer.isWellFormed()], [300, 200_301, true]);
  assert.deepEqual([third?.flags, third?.prompt, third?.kind], [['DUP_ID'], 'Größe?', 'sft']);
  assert.deepEqual(await pages.row(made, long.id), long);
  await assert.rejects(pages.row(made, 'nobody'), { code: 'foundry.row-unknown' });
  pages.close();
});

test('an index that is gone or damaged is made again from the rows', async () => {
  const made = await version('rebuilt', rows);
  for (const harm of [() => rm(indexPath(folders, made)), () => writeFile(indexPath(folders, made), 'no index')]) {
    await harm();
    const pages = createVersionPages(folders, texts);
    assert.equal((await pages.page(made, asked(made))).total, 4);
    pages.close();
  }
});

test('rejects come by page and by reason, with all reasons counted', async () => {
  const reject = (line: number, code: string): object => ({
    ...{
      file: 'a,"code":"x.csv',
      line,
      byteOffset: 0,
      byteLength: 3,
      code,
      message: 'm',
      head: '"code":"Y"',
      headEncoding: 'utf-8',
    },
  });
  const rejects = Array.from({ length: 2_500 }, (_, index) =>
    reject(index + 1, index % 5 === 0 ? 'BAD_JSON' : 'TOO_DEEP'),
  );
  const made = await version('rejected', rows, rejects);
  const pages = createVersionPages(folders, texts);
  const page = await pages.rejects(made, { offset: 2_498, limit: 10, code: null });
  assert.deepEqual([page.total, page.rejects.map(({ line }) => line)], [2_500, [2_499, 2_500]]);
  assert.deepEqual(page.reasons, [
    { code: 'TOO_DEEP', count: 2_000 },
    { code: 'BAD_JSON', count: 500 },
  ]);
  const some = await pages.rejects(made, { offset: 300, limit: 2, code: 'BAD_JSON' });
  assert.deepEqual([some.total, some.rejects.map(({ line }) => line)], [500, [1_501, 1_506]]);
  assert.deepEqual((await pages.rejects(made, { offset: 0, limit: 1, code: 'NAN_INF' })).total, 0);
  pages.close();
});

test('rows behind a figure of the study are paged, sorted and searched like any others', async () => {
  const many = Array.from({ length: 900 }, (_, index) => numbered(index, sftRow(`q${index}`, 'x'.repeat(900 - index))));
  const version9 = await version('figures', many);
  const lists = [Uint32Array.from({ length: 300 }, (_, index) => index * 3), new Uint32Array([1, 2])];
  await writeFigureRows(folders, version9, { madeAt: 5, lists, folder: home });
  const pages = createVersionPages(folders, texts);
  const page = async (more: object, filter: object) => {
    const { total, rows: some } = await pages.page(version9, asked(version9, { limit: 3, ...more, filter }));
    return [total, some.map(({ place }) => place)];
  };
  const study = { madeAt: 5, lists: [0] };
  assert.deepEqual(await page({ offset: 298 }, { study }), [300, [894, 897]]);
  assert.deepEqual(await page({ sort: { by: 'answerCharacters', descending: false } }, { study }), [
    300,
    [897, 894, 891],
  ]);
  assert.deepEqual(await page({}, { study: { madeAt: 5, lists: [0, 1] } }), [302, [0, 1, 2]]);
  assert.deepEqual(await page({}, { study, text: 'q89' }), [3, [891, 894, 897]]);
  await assert.rejects(page({}, { study: { madeAt: 4, lists: [0] } }), { code: 'foundry.study-changed' });
  pages.close();
});

test('versions are numbered on, share equal files, and a reserved name is refused', async () => {
  const [first, second] = [await version('twice', rows), await version('twice', rows)];
  assert.deepEqual([first.version, second.version, first.digest === second.digest], [1, 2, true]);
  assert.equal((await store().newest('twice')).version, 2);
  await assert.rejects(version('uploads', rows), { code: 'foundry.name-reserved' });
  await assert.rejects(store().read({ name: 'twice', version: 7 }), { code: 'foundry.version-unknown' });
  await writeFile(path.join(folders.datasets, 'twice', 'v1', 'version.json'), '{"half":');
  assert.deepEqual(
    (await store().list()).filter(({ name }) => name === 'twice').map((one) => one.version),
    [2],
  );
  await rm(path.join(folders.datasets, 'twice', 'v1'), { recursive: true });
});

test('what was removed can be taken back for ten minutes; then its files go, but none that another version names', async () => {
  const own = [...rows, numbered(77, sftRow('only', 'here'))];
  const [shared, kept, alone] = [await version('gone', rows), await version('stays', rows), await version('gone', own)];
  assert.equal(await store().remove(shared), 0, 'another version has the same rows');
  const size = (await readFile(blobPath(folders, alone.files.rows))).length;
  assert.equal(await store().remove(alone), size);
  assert.equal(await store().remove(alone), size, 'the same call again has the same answer');
  await assert.rejects(store().read(alone), { code: 'foundry.version-unknown' });
  await store().collect();
  assert.deepEqual(await store().restore(alone), alone);
  assert.deepEqual([await store().read(alone), await store().restore(alone)], [alone, alone]);
  await store().remove(alone);
  nowMs += restoreMs + 1;
  await store().collect();
  await assert.rejects(store().restore(alone), { code: 'foundry.not-restorable' });
  assert.deepEqual(
    [existsSync(blobPath(folders, alone.files.rows)), existsSync(blobPath(folders, kept.files.rows))],
    [false, true],
  );
  for await (const { rows: read } of store().rows(kept)) assert.deepEqual(read, rows);
});

test('a version is read in batches, from any place', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => numbered(index, sftRow(`q${index}`, 'x'.repeat(500))));
  const made = await version('many', many);
  const ids: string[] = [];
  let batches = 0;
  for await (const { place, rows: some } of store().rows(made)) {
    assert.equal(place, ids.length);
    ids.push(...some.map(({ id }) => id));
    batches += 1;
  }
  assert.deepEqual(
    ids,
    many.map(({ id }) => id),
  );
  assert.ok(batches > 1);
});
