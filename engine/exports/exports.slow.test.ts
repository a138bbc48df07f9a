// Exports and checks with the real Python worker, the real llama.cpp and a model of 30,000 random weights.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { modelExportRequest, type ModelExport, type ModelExportRequest } from '#contract/exports.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { findLlamaLibrary } from '#native-bridge/llama/find-llama-library.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { createJobFixture, type JobFixture } from '../jobs/job-fixture.ts';
import { createExportService, type ExportService } from './export-service.ts';
import { createVersion, type VersionFixture } from './version-fixture.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const cache = process.env['FORGE_TEST_CACHE'] ?? path.join(homedir(), '.cache', 'forge-tests');
const python = path.join(cache, 'home', 'envs', 'dev', 'python', 'bin', 'python');
const options = {
  timeout: 240_000,
  skip: !existsSync(python) && `NOT CHECKED: there is no developer environment at ${python} (npm test makes it)`,
};
const environment = {
  PATH: process.env['PATH'] ?? '',
  PYTHONPATH: ['python-env', 'python-env/tests/export'].map((part) => path.join(repository, part)).join(path.delimiter),
  ...{ PYTHONDONTWRITEBYTECODE: '1', PYTHONNOUSERSITE: '1', HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
};

/** The tiny SmolLM2 of the Python tests with its trained tokenizer, and an adapter that changes its answers. */
const writeParts = `
import sys
from pathlib import Path
from tiny_models import add_adapter, build, model_named
base, adapter = Path(sys.argv[1]), Path(sys.argv[2])
add_adapter(build(model_named("smollm2"), base), adapter)
`;

interface Scene extends VersionFixture {
  readonly jobs: JobFixture;
  readonly exports: ExportService;
  readonly out: string;
}

async function scene(t: TestContext): Promise<Scene> {
  const version = await createVersion({
    writeParts: ({ base, adapter }) => {
      execFileSync(python, ['-c', writeParts, base, adapter], { env: environment, stdio: 'pipe' });
      return Promise.resolve(readdirSync(adapter));
    },
  });
  const jobs = await createJobFixture({
    home: version.home,
    python: () => ({ command: python, args: ['-m', 'forge_worker'], env: environment }),
  });
  await jobs.service.start();
  t.after(() => jobs.dispose());
  const services = { ...version.services(jobs.service), llamaLibrary: () => findLlamaLibrary(repository) };
  const startServer = () => createModelServer({ physicalCores: 1, policy: servingPolicy, idleUnloadMs: null });
  const exports = createExportService({ services, registry: version.registry, startServer });
  return { ...version, jobs, exports, out: path.join(version.home, 'out') };
}

const never = new AbortController().signal;

function write({ exports, out }: Scene, wish: Partial<ModelExportRequest>): Promise<ModelExport> {
  const request = modelExportRequest.parse({ model: 'tiny:v1', to: `${out}/`, ...wish });
  return exports.export(request, { signal: never, report: () => undefined });
}

async function header(file: string): Promise<string> {
  const handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  await handle.close();
  return buffer.toString('latin1');
}

test(
  'every form is written by the real worker, another type passes its gates, and the served file is checked',
  options,
  async (t) => {
    const set = await scene(t);
    const f16 = await write(set, { type: 'F16' });
    assert.deepEqual([f16.check?.passed, f16.check?.lossChange], [true, 0], JSON.stringify(f16.check));
    assert.equal(await header(f16.path), 'GGUF');
    const small = await write(set, { type: 'Q8_0', evenIfWorse: true });
    assert.ok(small.sizeBytes < f16.sizeBytes && small.check !== null);
    const adapter = await write(set, { format: 'adapter' });
    assert.equal(await header(adapter.path), 'GGUF');
    assert.ok(adapter.sizeBytes < f16.sizeBytes);
    const merged = await write(set, { format: 'merged' });
    const files = readdirSync(merged.path);
    for (const name of ['config.json', 'model.safetensors', 'tokenizer.json']) assert.ok(files.includes(name), name);
    const names = set.jobs.service.list().map(({ kind, state }) => `${kind} ${state}`);
    assert.deepEqual(names.toSorted(), [
      ...['export succeeded', 'export succeeded', 'parity succeeded', 'parity succeeded', 'quantise succeeded'],
    ]);
    await checkServed(set);
  },
);

/** The unquantised file as the measured one: sound, then with one byte changed. */
async function checkServed(set: Scene): Promise<void> {
  const served = path.join(set.directory, 'gguf', 'tiny.f16.gguf');
  const { sha256, check } = await write(set, { type: 'F16', to: path.join(set.out, 'again.gguf') });
  assert.ok(check !== null && sha256 !== null);
  const first = await set.exports.check({ model: 'tiny', type: 'F16' }, { signal: never, report: () => undefined });
  assert.ok(first.report !== null);
  await set.finish('parity', { type: 'F16', path: served, sha256, report: first.report, remarks: [] });
  const sound = await set.exports.check({ model: 'tiny', type: null }, { signal: never, report: () => undefined });
  assert.deepEqual([sound.passed, sound.isMeasured, sound.gates.length], [true, true, 6], JSON.stringify(sound.gates));
  assert.deepEqual(sound.report, first.report, 'the same file gives the same figures');
  const handle = await open(served, 'r+');
  await handle.write(Buffer.from([255]), 0, 1, 5000);
  await handle.close();
  const changed = await set.exports.check({ model: 'tiny', type: null }, { signal: never, report: () => undefined });
  assert.deepEqual([changed.passed, changed.gates.map(({ gate }) => gate)], [false, ['file']]);
}

test('a worker that is broken off leaves no half-made file, and its run says cancelled', options, async (t) => {
  const set = await scene(t);
  const abort = new AbortController();
  const request = modelExportRequest.parse({ model: 'tiny', to: `${set.out}/`, format: 'merged' });
  const broken = set.exports.export(request, {
    signal: abort.signal,
    report: ({ job }) => {
      if (job !== null) abort.abort();
    },
  });
  await assert.rejects(broken, { code: 'export.cancelled' });
  const [job] = set.jobs.service.list();
  assert.ok(job);
  assert.equal((await set.jobs.settled(job.id)).state, 'cancelled');
  assert.equal(existsSync(set.out), false);
  const done = await set.exports.export(request, { signal: never, report: () => undefined });
  assert.equal(done.files.length > 2, true, 'the same command again works');
});
