import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { chooseTarget, placeFile, placeFolder, SourceChangedError, type SourceFile } from './place-export.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'Forge plats ö '));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function source(folder: string, name: string, content: string): SourceFile {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return {
    path: file,
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

function options(overwrite = false, signal = new AbortController().signal) {
  const seen: number[] = [];
  return { overwrite, signal, seen, report: (fraction: number) => void seen.push(fraction) };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof ForgeError ? error.code : String(error);
}

test('a folder, or a slash at the end, means a file inside; anything else is the file itself', async (t) => {
  const folder = folderOf(t);
  const wanted = { name: 'tiny.gguf', kind: 'file', overwrite: false } as const;
  const inside = path.join(folder, 'tiny.gguf');
  assert.equal(await chooseTarget(folder, wanted), inside);
  assert.equal(await chooseTarget(`${folder}/new/`, wanted), path.join(folder, 'new', 'tiny.gguf'));
  assert.equal(await chooseTarget(path.join(folder, 'mine.gguf'), wanted), path.join(folder, 'mine.gguf'));
  assert.deepEqual(readdirSync(folder), [], 'nothing is written yet');
});

test('what stands in the way at the target is told before the work', async (t) => {
  const folder = folderOf(t);
  const file = path.join(folder, 'there');
  writeFileSync(file, 'mine');
  mkdirSync(path.join(folder, 'taken', 'tiny.gguf'), { recursive: true });
  const wanted = { name: 'tiny.gguf', kind: 'file', overwrite: false } as const;
  const replacing = { ...wanted, overwrite: true };
  assert.equal(await codeOf(chooseTarget(file, wanted)), 'export.target-exists');
  assert.equal(await codeOf(chooseTarget(path.join(file, 'x.gguf'), wanted)), 'export.target-refused');
  assert.equal(await codeOf(chooseTarget(path.join(folder, 'taken'), replacing)), 'export.target-not-replaceable');
  const folderThere = { name: 'there', kind: 'folder', overwrite: true } as const;
  assert.equal(await codeOf(chooseTarget(file, folderThere)), 'export.target-not-replaceable');
  assert.equal(await codeOf(chooseTarget(path.join(folder, 'x'.repeat(300)), wanted)), 'export.target-refused');
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('a file is copied whole, with its progress, over an older one only when asked', async (t) => {
  const folder = folderOf(t);
  const file = source(path.join(folder, 'from'), 'a.gguf', 'content');
  const target = path.join(folder, 'deep', 'er', 'b.gguf');
  const first = options();
  await placeFile(file, target, first);
  assert.deepEqual([readFileSync(target, 'utf8'), first.seen], ['content', [1]]);
  const newer = source(path.join(folder, 'from'), 'c.gguf', 'newer');
  assert.equal(await codeOf(placeFile(newer, target, options())), 'export.target-exists');
  assert.equal(readFileSync(target, 'utf8'), 'content');
  await placeFile(newer, target, options(true));
  assert.equal(readFileSync(target, 'utf8'), 'newer');
  assert.deepEqual(readdirSync(path.dirname(target)), ['b.gguf']);
});

test('a source that is not what its record says leaves neither a file nor the folders made for it', async (t) => {
  const folder = folderOf(t);
  const file = source(path.join(folder, 'from'), 'a.gguf', 'content');
  const target = path.join(folder, 'deep', 'er', 'b.gguf');
  for (const wrong of [
    { ...file, sha256: 'f'.repeat(64) },
    { ...file, bytes: 6 },
    { ...file, path: `${file.path}.gone` },
  ])
    await assert.rejects(placeFile(wrong, target, options()), SourceChangedError);
  assert.deepEqual(readdirSync(folder), ['from']);
});

test('breaking off leaves what was there before', async (t) => {
  const folder = folderOf(t);
  const file = source(path.join(folder, 'from'), 'a.gguf', 'new');
  const target = path.join(folder, 'b.gguf');
  writeFileSync(target, 'old');
  await assert.rejects(placeFile(file, target, options(true, AbortSignal.abort(new Error('stopped')))), /stopped/);
  assert.deepEqual([readFileSync(target, 'utf8'), readdirSync(folder)], ['old', ['b.gguf', 'from']]);
});

test('a folder appears at once, and replaces an earlier export but no folder that holds something else', async (t) => {
  const folder = folderOf(t);
  const from = path.join(folder, 'from');
  const files = [source(from, 'config.json', '{}'), source(from, 'model.safetensors', 'weights')];
  const target = path.join(folder, 'merged');
  await placeFolder(files, target, options());
  const [config] = files as [SourceFile];
  await placeFolder([{ ...config }, source(from, 'model.safetensors', 'better')], target, options(true));
  assert.equal(readFileSync(path.join(target, 'model.safetensors'), 'utf8'), 'better');
  writeFileSync(path.join(target, 'notes.txt'), 'mine');
  assert.equal(await codeOf(placeFolder(files, target, options(true))), 'export.target-not-replaceable');
  assert.deepEqual(readdirSync(folder).toSorted(), ['from', 'merged']);
  assert.equal(readFileSync(path.join(target, 'notes.txt'), 'utf8'), 'mine');
});

test('what a killed export left is taken away, and a folder it had moved aside comes back', async (t) => {
  const folder = folderOf(t);
  const file = source(path.join(folder, 'from'), 'a.gguf', 'new');
  // Higher than any process id of the systems Forge runs on.
  const dead = 4_194_305;
  writeFileSync(path.join(folder, `.b.gguf.forge-${dead}.partial`), 'half');
  writeFileSync(path.join(folder, `.other.forge-${dead}.partial`), 'of another target');
  await placeFile(file, path.join(folder, 'b.gguf'), options());
  assert.equal(existsSync(path.join(folder, `.b.gguf.forge-${dead}.partial`)), false);
  assert.equal(existsSync(path.join(folder, `.other.forge-${dead}.partial`)), true);
  mkdirSync(path.join(folder, `.merged.forge-${dead}.old`));
  writeFileSync(path.join(folder, `.merged.forge-${dead}.old`, 'config.json'), 'older');
  const changed = { ...file, bytes: 1 };
  await assert.rejects(placeFolder([changed], path.join(folder, 'merged'), options(true)));
  assert.equal(readFileSync(path.join(folder, 'merged', 'config.json'), 'utf8'), 'older');
});
