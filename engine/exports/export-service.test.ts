import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { modelCheck, modelExport, modelExportRequest, type ExportProgress } from '#contract/exports.ts';
import { FakeModelServer } from '#core/ports/fake-model-server.ts';
import type { JobSubmission } from '../jobs/job-service.ts';
import { createExportService, type ExportCall, type ExportService } from './export-service.ts';
import { FakeJobs, type Play } from './fake-jobs.ts';
import { playWorker, type Losses } from './played-worker.ts';
import { createVersion, type VersionFixture, type VersionOptions } from './version-fixture.ts';

interface Scene extends VersionFixture {
  readonly jobs: FakeJobs;
  readonly exports: ExportService;
  readonly servers: FakeModelServer[];
  /** Where exports go: a folder of the person's. */
  readonly out: string;
}

interface SceneOptions extends VersionOptions {
  readonly losses?: Losses;
  readonly play?: Play;
}

async function scene(t: TestContext, { losses = {}, play, ...version }: SceneOptions = {}): Promise<Scene> {
  const fixture = await createVersion(version);
  t.after(() => fixture.dispose());
  const jobs = new FakeJobs(play ?? playWorker(losses));
  const servers: FakeModelServer[] = [];
  const startServer = (): FakeModelServer => {
    const server = new FakeModelServer();
    servers.push(server);
    return server;
  };
  const { registry } = fixture;
  const exports = createExportService({ services: fixture.services(jobs), registry, startServer });
  return { ...fixture, jobs, exports, servers, out: path.join(fixture.home, 'out') };
}

interface Wish {
  readonly model?: string;
  readonly format?: string;
  readonly type?: string;
  readonly to?: string;
  readonly overwrite?: boolean;
  readonly evenIfWorse?: boolean;
}

function write({ exports, out }: Scene, wish: Wish = {}, call: Partial<ExportCall> = {}) {
  const request = modelExportRequest.parse({ model: 'tiny', to: `${out}/`, ...wish });
  return exports.export(request, { signal: new AbortController().signal, report: () => undefined, ...call });
}

function check({ exports }: Scene, type: 'Q4_K_M' | null = null) {
  return exports.check({ model: 'tiny', type }, { signal: new AbortController().signal, report: () => undefined });
}

async function refusal(work: Promise<unknown>): Promise<ForgeError> {
  const error: unknown = await work.then(
    () => assert.fail('it was to be refused'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ForgeError, String(error));
  return error;
}

const kindsOf = ({ jobs }: Scene): string[] => jobs.submissions.map(({ kind }) => kind);

test('without a type the measured file is copied, its digest proved, and no worker runs', async (t) => {
  const set = await scene(t);
  await set.measured('served');
  const done = modelExport.parse(await write(set));
  assert.deepEqual(
    [done.model, done.format, done.quantisation, done.isMeasured, done.sizeBytes, done.check?.passed],
    ['tiny:v1', 'gguf', 'Q8_0', true, 6, true],
  );
  assert.equal(done.path, path.join(set.out, 'tiny-v1-Q8_0.gguf'));
  assert.equal(await readFile(done.path, 'utf8'), 'served');
  assert.deepEqual(kindsOf(set), []);
  assert.deepEqual((await write(set, { type: 'Q8_0', to: path.join(set.out, 'again.gguf') })).sha256, done.sha256);
});

test('another type is made, measured and written, and says that it is not the measured file', async (t) => {
  const set = await scene(t, { losses: { Q6_K: 2.01 } });
  await set.measured('served');
  const done = modelExport.parse(await write(set, { type: 'Q6_K' }));
  assert.deepEqual([done.quantisation, done.isMeasured, done.check?.passed], ['Q6_K', false, true]);
  assert.equal(done.check?.lossChange.toFixed(3), '0.005');
  assert.equal(await readFile(done.path, 'utf8'), 'made as Q6_K');
  assert.deepEqual(kindsOf(set), ['export', 'quantise', 'parity']);
  assert.deepEqual(
    set.servers.map(({ disposed, loads }) => [disposed, path.basename(loads[0]?.path ?? '')]),
    [[true, 'tiny.Q6_K.gguf']],
    'a server of its own, and it is gone',
  );
  await write(set, { type: 'Q6_K', overwrite: true });
  assert.equal(set.jobs.submissions.length, 3, 'the same again finds the same jobs');
});

test('a file that fails a gate is refused with what to take instead, and written only when the person insists', async (t) => {
  const set = await scene(t, { losses: { Q4_K_M: 2.2 } });
  await set.measured('served');
  const error = await refusal(write(set, { type: 'Q4_K_M' }));
  assert.deepEqual([error.code, error.exitCode], ['export.worse', 1]);
  assert.match(error.message, /tiny:v1 as Q4_K_M .*loss 10\.0 % above the unquantised file.*not written/);
  assert.match(error.remedy, /a larger type \(Q5_K_M, Q6_K, Q8_0, F16\), or add --even-if-worse/);
  await assert.rejects(readdir(set.out), { code: 'ENOENT' });
  const done = await write(set, { type: 'Q4_K_M', evenIfWorse: true });
  assert.deepEqual([done.check?.passed, await readFile(done.path, 'utf8')], [false, 'made as Q4_K_M']);
});

test('the adapter alone is one GGUF file; the merged folder is a folder with a digest for each file', async (t) => {
  const set = await scene(t);
  const adapter = modelExport.parse(await write(set, { format: 'adapter' }));
  assert.deepEqual([path.basename(adapter.path), adapter.check], ['tiny-v1-adapter.gguf', null]);
  assert.equal(await readFile(adapter.path, 'utf8'), 'adapter');
  const merged = modelExport.parse(await write(set, { format: 'merged' }));
  assert.deepEqual(
    [path.basename(merged.path), merged.sha256, merged.files.map(({ path: name }) => name).toSorted()],
    ['tiny-v1-merged', null, ['config.json', 'model.safetensors']],
  );
  assert.deepEqual((await readdir(merged.path)).toSorted(), ['config.json', 'model.safetensors']);
  assert.deepEqual((await readdir(set.out)).toSorted(), ['tiny-v1-adapter.gguf', 'tiny-v1-merged']);
});

test('a full fine-tune is exported from its own weights, and has no adapter', async (t) => {
  const set = await scene(t, { method: 'full' });
  const error = await refusal(write(set, { format: 'adapter' }));
  assert.deepEqual([error.code, error.exitCode], ['export.no-adapter', 2]);
  assert.match(error.message, /all its weights were trained/);
  await write(set, { format: 'merged' });
  const [{ payload }] = set.jobs.submissions as [JobSubmission];
  assert.deepEqual([payload['base'], payload['adapter']], [path.join(set.directory, 'adapter'), null]);
});

test('an adapter that GGUF cannot hold is told before any work', async (t) => {
  const set = await scene(t, { method: 'dora' });
  assert.match((await refusal(write(set, { format: 'adapter' }))).message, /trained with DoRA/);
  assert.deepEqual(kindsOf(set), []);
});

test('what cannot be exported is refused with its own sentence', async (t) => {
  const set = await scene(t, { trained: false });
  const cases: [Wish, string, RegExp][] = [
    [{ model: 'other' }, 'engine.not-found', /no model called other/],
    [{}, 'export.no-file', /tiny:v1 has no finished file to export/],
    [{ type: 'Q6_K' }, 'export.not-trained', /not trained yet/],
    [{ format: 'merged' }, 'export.not-trained', /not trained yet/],
    [{ format: 'adapter', type: 'F16' }, 'export.type-without-file', /\(F16\).*adapter/],
  ];
  for (const [wish, code, says] of cases) {
    const error = await refusal(write(set, wish));
    assert.deepEqual([error.code, error.exitCode], [code, 2]);
    assert.match(error.message, says);
  }
  assert.equal(modelExportRequest.safeParse({ model: 'tiny', to: '/x', type: 'Q2_K' }).success, false);
});

test('a changed file is told, and nothing is left where it was to go', async (t) => {
  const set = await scene(t);
  const file = await set.measured('served');
  await writeFile(file, 'Served');
  const error = await refusal(write(set));
  assert.deepEqual([error.code, error.exitCode], ['export.file-changed', 1]);
  assert.ok(error.message.includes(file), error.message);
  await assert.rejects(readdir(set.out), { code: 'ENOENT' });
});

test('changed weights and a base that is gone are told before the model is put together again', async (t) => {
  const set = await scene(t);
  await rm(path.join(set.layout.baseModel('tiny-base'), 'prepared.json'));
  assert.equal((await refusal(write(set, { format: 'merged' }))).code, 'export.base-gone');
  await appendFile(path.join(set.directory, 'adapter', 'adapter_model.safetensors'), '!');
  assert.equal((await refusal(write(set, { format: 'merged' }))).code, 'export.file-changed');
  assert.deepEqual(kindsOf(set), []);
});

test('a file of the version that was lost is made again instead of being taken from the memory of a job', async (t) => {
  const set = await scene(t);
  await write(set, { format: 'merged' });
  await rm(path.join(set.directory, 'gguf'), { recursive: true });
  const again = await write(set, { format: 'merged', overwrite: true });
  assert.deepEqual(kindsOf(set), ['export', 'export']);
  assert.equal(again.files.length, 2);
});

test('breaking off ends the worker for good, and the next export of the same starts a new one', async (t) => {
  let hangs = true;
  const worker = playWorker({});
  const set = await scene(t, {
    play: (submission) => (hangs && submission.kind === 'quantise' ? new Promise(() => undefined) : worker(submission)),
  });
  const abort = new AbortController();
  const broken = write(set, { type: 'Q6_K' }, { signal: abort.signal });
  while (!kindsOf(set).includes('quantise')) await new Promise((resolve) => setTimeout(resolve, 2));
  abort.abort();
  assert.deepEqual([(await refusal(broken)).code, set.jobs.get('job-2').state], ['export.cancelled', 'cancelled']);
  await assert.rejects(readdir(set.out), { code: 'ENOENT' });
  hangs = false;
  await write(set, { type: 'Q6_K' });
  assert.deepEqual(kindsOf(set), ['export', 'quantise', 'quantise', 'parity']);
});

test('breaking off at the very moment a job begins ends that job as well', async (t) => {
  const set = await scene(t, { play: () => new Promise(() => undefined) });
  const abort = new AbortController();
  const report = ({ job }: ExportProgress): void => (job === null ? undefined : abort.abort());
  const broken = write(set, { format: 'merged' }, { signal: abort.signal, report });
  assert.deepEqual([(await refusal(broken)).code, set.jobs.get('job-1').state], ['export.cancelled', 'cancelled']);
});

test('a second export waits for the first and says so', async (t) => {
  const set = await scene(t);
  await set.measured('served');
  const seen: string[] = [];
  const report = ({ text }: ExportProgress): void => void seen.push(text);
  await Promise.all([write(set), write(set, { to: path.join(set.out, 'b.gguf') }, { report })]);
  assert.equal(seen[0], 'waits for another export');
  assert.deepEqual((await readdir(set.out)).toSorted(), ['b.gguf', 'tiny-v1-Q8_0.gguf']);
});

test('the end of the engine lets the worker go on', async (t) => {
  const set = await scene(t, { play: () => new Promise(() => undefined) });
  const broken = write(set, { format: 'merged' });
  const outcome = refusal(broken);
  while (kindsOf(set).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  await set.exports.stop();
  assert.deepEqual([(await outcome).code, set.jobs.get('job-1').state], ['export.cancelled', 'running']);
});

test('a check measures the served file anew each time, and passes', async (t) => {
  const set = await scene(t);
  await set.measured('served');
  const first = modelCheck.parse(await check(set));
  assert.deepEqual([first.passed, first.isMeasured, first.type], [true, true, 'Q8_0']);
  assert.deepEqual(
    first.gates.map(({ gate }) => gate),
    ['file', 'tokens', 'template', 'logits', 'greedy', 'loss'],
  );
  assert.match(first.verdict, /all 6 gates are passed/);
  set.clock.advance(1);
  await check(set);
  assert.deepEqual(kindsOf(set), ['export', 'parity', 'parity']);
});

test('a check says which gate failed, with its figure', async (t) => {
  const set = await scene(t, { losses: { Q8_0: 2.5 } });
  await set.measured('served');
  const checked = await check(set);
  assert.deepEqual(
    [checked.passed, checked.gates.filter(({ passed }) => !passed).map(({ gate }) => gate)],
    [false, ['loss']],
  );
  assert.match(checked.verdict, /same loss \(2\.5000 \(\+25\.0 %\)\)/);
});

test('a file with another digest, or none, fails its check before anything is measured', async (t) => {
  const set = await scene(t);
  const file = await set.measured('served');
  await writeFile(file, 'Served');
  const changed = modelCheck.parse(await check(set));
  assert.deepEqual([changed.passed, changed.gates.length, changed.gates[0]?.gate], [false, 1, 'file']);
  assert.match(changed.gates[0]?.remedy ?? '', /forge train/);
  await rm(file);
  assert.match((await check(set)).verdict, /it is missing/);
  assert.deepEqual(kindsOf(set), []);
});

test('another type can be checked without being exported', async (t) => {
  const set = await scene(t, { losses: { Q4_K_M: 2.2 } });
  await set.measured('served');
  const checked = await check(set, 'Q4_K_M');
  assert.deepEqual([checked.passed, checked.isMeasured, checked.recordedSha256], [false, false, null]);
});
