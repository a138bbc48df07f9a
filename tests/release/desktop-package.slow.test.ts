import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { packDesktop } from '../../scripts/release/pack-desktop.ts';
import { repositoryRoot } from '../../scripts/renderer-bundle.ts';

const run = promisify(execFile);
const unproved =
  process.platform !== 'linux' && 'NOT PROVED HERE: the layout is checked around a stand-in for the Linux runtime';

/** Proves what is packed and where it lies, not that it starts: around empty files in place of a runtime. */
describe('the packed desktop app', { skip: unproved }, () => {
  let folder = '';
  let resources = '';
  let packed: readonly string[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'forge-packed-'));
    const runtime = path.join(folder, 'runtime');
    await mkdir(path.join(runtime, 'resources'), { recursive: true });
    for (const name of ['electron', 'LICENSE', 'LICENSES.chromium.html', 'version'])
      await writeFile(path.join(runtime, name), 'a stand-in', { mode: 0o755 });
    for (const script of ['build-renderer.ts', 'build-desktop.ts'])
      await run(process.execPath, [path.join(repositoryRoot, 'scripts', script)], { cwd: repositoryRoot });
    await packDesktop({ out: path.join(folder, 'out'), runtime, burnsFuses: false });
    resources = path.join(folder, 'out', 'linux-unpacked', 'resources');
    const asar = path.join(repositoryRoot, 'node_modules', '@electron', 'asar', 'bin', 'asar.js');
    const { stdout } = await run(process.execPath, [asar, 'list', path.join(resources, 'app.asar')], {
      maxBuffer: 64e6,
    });
    packed = stdout.trim().split('\n');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('holds every bundle of the shell, and Python, data and window beside the archive', async () => {
    const bundles = ['engine', 'job-host', 'main', 'model', 'reading-thread'].map(
      (name) => `/dist/desktop/${name}.mjs`,
    );
    assert.deepEqual(
      [...bundles, '/dist/desktop/preload.cjs', '/package.json'].filter((name) => !packed.includes(name)),
      [],
    );
    assert.deepEqual((await readdir(path.join(resources, 'forge'))).sort(), [
      'dist',
      'domains',
      'python-env',
      'resources',
    ]);
  });

  test('natives of this system lie outside of the archive, those of others nowhere', async () => {
    const natives = (await readdir(path.join(resources, 'app.asar.unpacked'), { recursive: true })).filter((name) =>
      name.endsWith('.node'),
    );
    const system = `${process.platform}-${process.arch}`;
    assert.deepEqual(
      natives.filter((name) => !name.includes(system) && !name.includes(`linux-${process.arch}`)),
      [],
    );
    for (const needed of ['better-sqlite3', 'node-pty', '@node-llama-cpp'])
      assert.ok(
        natives.some((name) => name.includes(needed)),
        needed,
      );
  });

  test('holds no sources, no tests, no tools for developers', () => {
    const unwanted = packed.filter((name) =>
      /^\/(cli|engine|renderer|tests|benchmarks|scripts)\/|\.test\.ts$|node_modules\/(vite|electron|typescript|@playwright|monaco-editor|react)\//.test(
        name,
      ),
    );
    assert.deepEqual(unwanted.slice(0, 5), []);
  });

  test('stays small beside Electron, Python and the library of llama.cpp', async () => {
    const megabytes = (await bytesOf(resources, (file) => !file.includes('@node-llama-cpp'))) / 1e6;
    assert.ok(megabytes < 24, `${megabytes.toFixed(1)} MB`);
  });
});

async function bytesOf(folder: string, counts: (file: string) => boolean): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && counts(file)) bytes += (await stat(file)).size;
  }
  return bytes;
}
