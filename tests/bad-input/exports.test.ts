// What a person can get wrong with `forge export`, through the real command line and the real engine.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { writeExportedModel, writeUnfinishedModel } from './exported-model.ts';
import {
  anotherUser,
  assertNothingHalfMade,
  forge,
  newFolder,
  newHome,
  refused,
  type Refusal,
  type User,
} from './forge-command.ts';
import { mountMemoryDisk } from './memory-disk.ts';

const input = { exitCode: 2 } as const;

test('a model that is not there, not finished, or has no adapter yet is told with what to do', async (t) => {
  const home = await newHome(t);
  writeExportedModel(home);
  writeUnfinishedModel(home);
  const out = path.join(await newFolder(t), 'out');
  const cases: [string[], Omit<Refusal, 'exitCode'>][] = [
    [['nobody'], { code: 'engine.not-found', says: /no model called nobody/, remedy: /forge models list/ }],
    [['../x'], { code: 'command.usage', says: /\.\.\/x is not the name of a model/, remedy: /name:v3/ }],
    [['begun:v1'], { code: 'export.no-file', says: /begun:v1 has no finished file/, remedy: /forge train/ }],
    [['begun', '--format', 'merged'], { code: 'export.not-trained', says: /not trained yet/, remedy: /forge train/ }],
    [['begun', '--type', 'Q6_K'], { code: 'export.not-trained', says: /not trained yet/, remedy: /forge train/ }],
    [['parcels', '--format', 'adapter'], { code: 'export.not-trained', says: /parcels:v1/, remedy: /forge train/ }],
    [['parcels', '--type', 'Q2_K'], { code: 'command.usage', says: /--type is Q2_K/, remedy: /Choose one of them/ }],
  ];
  for (const [words, wanted] of cases)
    await refused(['export', ...words, '--to', `${out}/`, '--home', home], { ...input, ...wanted });
  await refused(['export', 'check', 'begun', '--home', home], {
    ...input,
    ...{ code: 'export.no-file', says: /begun:v1 has no finished file/, remedy: /forge train/ },
  });
  assert.equal(existsSync(out), false, 'no folder was made for what was refused');
  assertNothingHalfMade(home);
});

test('what is in the way at the target is told, and nothing of the person is touched', async (t) => {
  const home = await newHome(t);
  writeExportedModel(home);
  const folder = await newFolder(t);
  const file = path.join(folder, 'mine.gguf');
  writeFileSync(file, 'mine');
  mkdirSync(path.join(folder, 'full', 'parcels-v1-Q8_0.gguf'), { recursive: true });
  const words = ['export', 'parcels:v1', '--home', home, '--to'];
  await refused([...words, file], {
    ...input,
    ...{ code: 'export.target-exists', says: /mine\.gguf is already there/, remedy: /--overwrite/ },
  });
  await refused([...words, path.join(folder, 'full'), '--overwrite'], {
    ...input,
    ...{ code: 'export.target-not-replaceable', says: /it is a folder, not a file/, remedy: /--to/ },
  });
  await refused([...words, path.join(file, 'deeper.gguf')], {
    exitCode: 3,
    ...{ code: 'export.target-refused', says: /a part of the path is a file/, remedy: /--to/ },
  });
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  const replaced = await forge([...words, file, '--overwrite']);
  assert.equal(replaced.code, 0, replaced.err);
  assert.deepEqual(readdirSync(folder).toSorted(), ['full', 'mine.gguf']);
});

test('a place that may not be written is told before anything is made', async (t) => {
  const disk = await mountMemoryDisk(t, '8m');
  if (disk === null) {
    t.skip('NOT CHECKED: this user may not mount a file system');
    return;
  }
  const home = await newHome(t);
  writeExportedModel(home);
  disk.remount('ro');
  await refused(['export', 'parcels', '--home', home, '--to', path.join(disk.home, 'sub', 'a.gguf')], {
    exitCode: 3,
    ...{ code: 'export.target-refused', says: /the file system is read-only/, remedy: /--to/ },
  });
  disk.remount('rw');
  assert.deepEqual(readdirSync(disk.home), []);
});

test('a folder without write permission is told with the reason', async (t) => {
  const own = await newFolder(t);
  const home = path.join(own, 'home');
  const locked = path.join(own, 'locked');
  writeExportedModel(home);
  mkdirSync(locked);
  const isRoot = process.getuid?.() === 0;
  const by = isRoot ? anotherUser : {};
  // Root may write anywhere, so another user asks: the home is that one's, the folder is not.
  if (isRoot) giveTo(own, anotherUser, locked);
  chmodSync(locked, 0o555);
  const isPossible = process.platform !== 'win32' && (await forge(['--version'], {}, by)).code === 0;
  if (!isPossible) {
    t.skip('NOT CHECKED: permissions do not bind this user, and another one can not run the command line');
    return;
  }
  await refused(['export', 'parcels', '--home', home, '--to', `${locked}/`], {
    exitCode: 3,
    ...{ code: 'export.target-refused', says: /permission denied/, remedy: /right to write/ },
    ...(isRoot ? { by: anotherUser } : {}),
  });
  assert.deepEqual(readdirSync(locked), []);
});

function giveTo(folder: string, { uid, gid }: User, but: string): void {
  for (const name of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const place = path.join(folder, name);
    if (place !== but) chownSync(place, uid, gid);
  }
}

test('a measured file that was changed is neither exported nor passed', async (t) => {
  const home = await newHome(t);
  const file = writeExportedModel(home);
  const content = readFileSync(file);
  content[1000] = 6;
  writeFileSync(file, content);
  const target = path.join(await newFolder(t), 'a.gguf');
  await refused(['export', 'parcels', '--home', home, '--to', target], {
    exitCode: 1,
    ...{ code: 'export.file-changed', says: /parcels\.Q8_0\.gguf is not the file/, remedy: /forge train/ },
  });
  assert.equal(existsSync(target), false);
  const check = await forge(['export', 'check', 'parcels', '--json', '--home', home]);
  const { passed, gates } = JSON.parse(check.out) as { passed: boolean; gates: { gate: string; remedy: string }[] };
  assert.deepEqual([check.code, passed, gates.map(({ gate }) => gate)], [1, false, ['file']]);
  assert.match(gates[0]?.remedy ?? '', /forge train/);
});
