import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { inBoth, readFigureRows, writeFigureRows } from './figure-rows.ts';

let home = '';
const version = { name: 'rows', version: 1 };
const folders = () => ({ store: path.join(home, 'store'), datasets: path.join(home, 'datasets') });
const lists = [[3, 5, 900_000], [], [5, 7]].map((places) => new Uint32Array(places));

before(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'forge-figures-'));
  await mkdir(path.join(home, 'datasets/rows/v1'), { recursive: true });
});
after(() => rm(home, { recursive: true, force: true }));

async function read(wanted: { readonly madeAt: number; readonly lists: readonly number[] }): Promise<number[] | null> {
  const places = await readFigureRows(folders(), version, wanted);
  return places === null ? null : [...places];
}

test('the rows behind one figure, or behind several together, are read from the lists of their study', async () => {
  assert.equal(await read({ madeAt: 17.5, lists: [0] }), null, 'without a study there is none');
  await writeFigureRows(folders(), version, { madeAt: 17.5, lists, folder: home });
  assert.deepEqual(await read({ madeAt: 17.5, lists: [0] }), [3, 5, 900_000]);
  assert.deepEqual(await read({ madeAt: 17.5, lists: [1] }), []);
  assert.deepEqual(await read({ madeAt: 17.5, lists: [2, 0] }), [3, 5, 7, 900_000]);
});

test('lists of another study, of no study, or of a damaged file are none', async () => {
  await writeFigureRows(folders(), version, { madeAt: 18, lists, folder: home });
  assert.equal(await read({ madeAt: 17.5, lists: [0] }), null);
  assert.equal(await read({ madeAt: 18, lists: [3] }), null);
  await truncate(path.join(home, 'datasets/rows/v1/study-rows.bin'), 5);
  assert.equal(await read({ madeAt: 18, lists: [0] }), null);
  await writeFigureRows(folders(), version, { madeAt: 19, lists, folder: home });
  await truncate(path.join(home, 'datasets/rows/v1/study-rows.bin'), 30);
  assert.equal(await read({ madeAt: 19, lists: [0, 2] }), null);
});

test('what stands in both of two lists', () => {
  const both = inBoth(new Uint32Array([1, 3, 5, 9]), new Uint32Array([0, 3, 4, 9, 10]));
  assert.deepEqual([...both], [3, 9]);
  assert.deepEqual([...inBoth(new Uint32Array(), new Uint32Array([1]))], []);
});
