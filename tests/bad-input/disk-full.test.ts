// Disks that are full when a home is made, when a dataset is taken in, and when a model is copied out.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { goodRows } from './dataset-files.ts';
import { modelBytes, writeExportedModel } from './exported-model.ts';
import { assertNothingHalfMade, forge, newFolder, newHome, refused } from './forge-command.ts';
import { mountMemoryDisk, type MemoryDisk } from './memory-disk.ts';

const full = { exitCode: 3, code: 'engine.disk-full', remedy: /^Free some space / } as const;

/** Writes until nothing fits any more. */
function fill(file: string): void {
  assert.throws(
    () => {
      for (;;) writeFileSync(file, Buffer.alloc(65_536), { flag: 'a' });
    },
    { code: 'ENOSPC' },
  );
}

async function diskOrSkip(t: TestContext, size: string): Promise<MemoryDisk | null> {
  const disk = await mountMemoryDisk(t, size);
  if (disk === null) t.skip('NOT CHECKED: this user may not mount a file system');
  return disk;
}

test('a disk without any room is told, though not even a log could be written', async (t) => {
  const disk = await diskOrSkip(t, '1m');
  if (disk === null) return;
  fill(path.join(disk.home, 'photos'));
  await refused(['models', '--home', disk.home], { ...full, says: /The disk is full: .*home could not be written/ });
  disk.remount('size=4m');
  assert.equal((await forge(['models', '--home', disk.home])).code, 0, 'with room the same command works');
  assertNothingHalfMade(disk.home);
});

test('a disk that fills up while a dataset is taken in is told with the file, and the same command goes on later', async (t) => {
  const disk = await diskOrSkip(t, '2m');
  if (disk === null) return;
  const dataset = path.join(await newFolder(t), 'parcels.csv');
  writeFileSync(dataset, goodRows(3000, 'please '.repeat(100)));
  const train = ['train', '--dataset', dataset, '--home', disk.home];
  await refused(train, {
    ...full,
    says: /The disk is full: .*\/foundry\/.* could not be written/,
  });
  assertNothingHalfMade(disk.home);
  disk.remount('size=16m');
  const again = await forge(train);
  assert.match(again.err, /Dataset: \d+ rows/, 'with room it goes on');
  assert.deepEqual(readdirSync(path.join(disk.home, 'models', 'parcels')), ['v1']);
  assertNothingHalfMade(disk.home);
});

test('a disk that is full when a model is copied out is told, without half a file, and the copy works elsewhere', async (t) => {
  const disk = await diskOrSkip(t, '1m');
  if (disk === null) return;
  const home = await newHome(t);
  writeExportedModel(home);
  const target = path.dirname(disk.home);
  const words = ['export', 'parcels:v1', '--home', home, '--to'];
  await refused([...words, `${target}/`], {
    ...full,
    code: 'export.disk-full',
    says: /The disk is full: .*parcels-v1-Q8_0\.gguf.* could not be written/,
  });
  assert.deepEqual(readdirSync(target), ['home']);
  const elsewhere = path.join(path.dirname(home), 'copy.gguf');
  assert.equal((await forge([...words, elsewhere])).code, 0);
  assert.equal(statSync(elsewhere).size, modelBytes);
  const there = {
    exitCode: 2,
    code: 'export.target-exists',
    says: /copy\.gguf is already there/,
    remedy: /--overwrite/,
  };
  await refused([...words, elsewhere], there);
  assert.equal(existsSync(path.join(home, 'engine.json')), false);
});
