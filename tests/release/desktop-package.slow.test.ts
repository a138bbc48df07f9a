import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { findLlamaLibrary } from '#native-bridge/llama/find-llama-library.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { packAroundStandIn } from '../../scripts/release/stand-in-runtime.ts';
import { repositoryRoot } from '../../scripts/renderer-bundle.ts';
import { baseGguf } from '../fixtures/base-gguf.ts';
import { startPackedEngine, startPackedModel, type PackedEngine } from './packed-programs.ts';

const run = promisify(execFile);
const unproved =
  process.platform !== 'linux' && 'NOT PROVED HERE: the layout is checked around a stand-in for the Linux runtime';

const asar = path.join(repositoryRoot, 'node_modules', '@electron', 'asar', 'bin', 'asar.js');

/** Proves what is packed, where it lies, and that its programs run in plain Node; not that Electron starts them: the runtime is empty files. */
describe('the packed desktop app', { skip: unproved }, () => {
  let folder = '';
  let resources = '';
  let packed: readonly string[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'forge-packed-'));
    resources = await packAroundStandIn(folder);
    const { stdout } = await run(process.execPath, [asar, 'list', path.join(resources, 'app.asar')], {
      maxBuffer: 64e6,
    });
    packed = stdout.trim().split('\n');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('holds every bundle of the shell, and Python, data and window beside the archive', async () => {
    const bundles = [
      'document-thread',
      'engine',
      'foundry-thread',
      'job-host',
      'main',
      'model',
      'pages-thread',
      'reading-thread',
    ].map((name) => `/dist/desktop/${name}.mjs`);
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
      /^\/(cli|engine|renderer|tests|benchmarks|scripts)\/|\.test\.ts$|node_modules\/(vite|electron|typescript|@playwright|monaco-editor|react|cmake-js|node-addon-api)\//.test(
        name,
      ),
    );
    assert.deepEqual(unwanted.slice(0, 5), []);
  });

  test('stays small beside Electron, Python and the library of llama.cpp', async () => {
    const megabytes = (await bytesOf(resources, (file) => !file.includes('@node-llama-cpp'))) / 1e6;
    assert.ok(megabytes < 20, `${megabytes.toFixed(1)} MB`);
  });

  describe('runs by itself', () => {
    let bundles = '';
    let engine: PackedEngine | null = null;

    before(async () => {
      // Only Electron reads archives. Nothing lies above the folder in which Node would find a package that is missing.
      const app = path.join(folder, 'app');
      await run(process.execPath, [asar, 'extract', path.join(resources, 'app.asar'), app]);
      bundles = path.join(app, 'dist', 'desktop');
      engine = await startPackedEngine({
        engine: path.join(bundles, 'engine.mjs'),
        helpers: { 'job-host': path.join(bundles, 'job-host.mjs'), model: path.join(bundles, 'model.mjs') },
        appDirectory: path.join(resources, 'forge'),
        home: path.join(folder, 'home'),
        version: '0.0.0',
      });
    });
    after(() => engine?.stop());

    test('the engine opens its database, knows the machine and has its job host', async () => {
      const { machine } = (await engine?.client.machines.detect({ fresh: true })) ?? {};
      assert.ok((machine?.memory.totalBytes ?? 0) > 1e8);
      assert.ok(engine?.helpers().includes('job-host.mjs'));
      assert.ok(((await engine?.client.baseModels.list()) ?? []).length > 3);
    });

    test('the engine reads a file in its reading thread, and shows a row as the base sees it', async () => {
      const file = path.join(resources, 'forge', 'domains', 'support', 'quickstart.csv');
      const read = await engine?.client.datasets.inspect({ path: file });
      assert.ok((read?.rows.length ?? 0) > 0);
      const base = await baseGguf();
      const row = read?.rows[0]?.row.id ?? '';
      const shown = await engine?.client.datasets.showRow({ path: file, row, base });
      assert.equal(shown?.exactness, 'tokens', shown?.note);
      assert.ok((shown.tokens ?? 0) > 10);
      assert.ok(engine?.helpers().includes('model.mjs'));
    });

    test('the model process loads a real model with the packed library and answers', async (t) => {
      const server = createModelServer({
        physicalCores: 2,
        policy: servingPolicy,
        maximumSequences: 1,
        idleUnloadMs: null,
        startProcess: () => startPackedModel(path.join(bundles, 'model.mjs')),
      });
      t.after(() => server.dispose());
      await server.load({ path: await baseGguf(), contextTokens: 512 });
      let text = '';
      const messages = [{ role: 'user', content: 'What is the capital of France?' }] as const;
      for await (const event of server.chat({ messages: [...messages], maximumTokens: 16, temperature: 0 }))
        if (event.kind !== 'done') text += event.text;
      assert.match(text, /\w{3}/);
    });

    test('the library that quantises and compares lies outside of the archive, where Python can open it', () => {
      const library = findLlamaLibrary(path.join(resources, 'forge'));
      assert.match(path.relative(resources, library), /^app\.asar\.unpacked/);
    });
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
