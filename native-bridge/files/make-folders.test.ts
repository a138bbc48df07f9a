import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeFolders } from './make-folders.ts';

const root = await mkdtemp(join(tmpdir(), 'forge-folders-'));
after(() => rm(root, { recursive: true }));

test('missing folders are made with the mode asked for, and the topmost one is named', async () => {
  const folder = join(root, 'a', 'b', 'c');
  assert.equal(await makeFolders(folder, 0o700), join(root, 'a'));
  if (process.platform !== 'win32') assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal(await makeFolders(folder), null);
});

test('two at once make the same folders', async () => {
  const folder = join(root, 'x', 'y', 'z');
  await Promise.all([makeFolders(folder), makeFolders(folder), makeFolders(folder)]);
  assert.equal((await stat(folder)).isDirectory(), true);
});

test('a file in the way is an error', async () => {
  const file = join(root, 'file');
  await writeFile(file, 'mine');
  await assert.rejects(makeFolders(file), { code: 'EEXIST' });
  await assert.rejects(makeFolders(join(file, 'below')), (error: NodeJS.ErrnoException) =>
    ['ENOTDIR', 'EEXIST'].includes(error.code ?? ''),
  );
});

test('below /proc it comes back with an error', { skip: process.platform !== 'linux', timeout: 5_000 }, async () => {
  await assert.rejects(makeFolders('/proc/forge-x/logs'), { code: 'ENOENT' });
});
