// `forge export` and `forge export check` as child processes against an engine that plays them over the real wire.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { modelCheck, modelExport } from '#contract/exports.ts';

const main = path.resolve(import.meta.dirname, '..', '..', 'cli', 'main.ts');
const recordedEntry = path.join(import.meta.dirname, 'recorded-engine-process.ts');

async function recordedHome(t: TestContext): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'Forge export å '));
  t.after(() => rm(home, { recursive: true, force: true }));
  await startRecorded(t, home);
  return home;
}

/** A recorded engine in a home; the call ends it as a crash would. */
async function startRecorded(t: TestContext, home: string, environment: NodeJS.ProcessEnv = {}): Promise<() => void> {
  const env = { ...process.env, ...environment };
  const engine = spawn(process.execPath, [recordedEntry, '--home', home], { stdio: 'ignore', env });
  const kill = (): void => void engine.kill('SIGKILL');
  t.after(kill);
  for (const deadline = Date.now() + 10_000; !existsSync(path.join(home, 'engine.json'));) {
    assert.ok(Date.now() < deadline, 'the recorded engine did not start');
    await sleep(10);
  }
  return kill;
}

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What happens to a running command once its standard error says something. */
interface Incident {
  readonly at: string;
  readonly happen: (child: ChildProcess) => void;
}

const ctrlC = (at: string): Incident => ({ at, happen: (child) => void child.kill('SIGINT') });

/** Runs `forge` in the folder for temporary files. */
function forge(words: readonly string[], incident?: Incident): Promise<Finished> {
  const env = { ...process.env, FORCE_COLOR: undefined, FORGE_HOME: undefined, LC_ALL: 'C.UTF-8' };
  const child = spawn(process.execPath, [main, ...words], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => {
    const isOpen = incident !== undefined && !err.includes(incident.at);
    err += bytes.toString('utf8');
    if (isOpen && err.includes(incident.at)) incident.happen(child);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

test('export takes a model where a subcommand could stand, and its path from the working directory', async (t) => {
  const home = await recordedHome(t);
  const { code, out, err } = await forge(['export', 'support:v1', '--to', 'sub/', '--json', '--home', home]);
  assert.equal(code, 0, err);
  const done = modelExport.parse(JSON.parse(out));
  assert.deepEqual([done.model, done.path, done.isMeasured], ['support:v1', path.join(tmpdir(), 'sub/'), true]);
  assert.match(err, /quantising \(50 %\)/);
  const newest = await forge(['export', '--home', home]);
  assert.deepEqual([newest.code, newest.err.includes('Error')], [0, false]);
  assert.ok(newest.out.startsWith(`support:v1 is in ${tmpdir()} (9 B, Q8_0).\nsha256 aaaa`), newest.out);
});

test('a type that behaves differently is refused with exit code 1, and said when it is written all the same', async (t) => {
  const home = await recordedHome(t);
  const words = ['export', 'support', '--type', 'q4_k_m', '--home', home];
  const refused = await forge([...words, '--json']);
  const { error } = JSON.parse(refused.out) as { error: { code: string; remedy: string } };
  assert.deepEqual([refused.code, error.code], [1, 'export.worse']);
  assert.match(error.remedy, /Q8_0.*--even-if-worse/);
  const insisted = await forge([...words, '--even-if-worse']);
  assert.equal(insisted.code, 0, insisted.err);
  assert.match(insisted.out.replace(/\s+/g, ' '), /not the file that was scored.*80\.8 points.*it FAILS a check/);
  assert.match(insisted.out, /same loss +0\.1400 \(\+14\.3 %\) +\+1 % or \+0\.005 +✗ failed/);
});

test('Ctrl-C breaks an export off: nothing was written, exit code 130', async (t) => {
  const home = await recordedHome(t);
  const { code, out, err } = await forge(
    ['export', 'support', '--format', 'adapter', '--home', home],
    ctrlC('quantising'),
  );
  assert.deepEqual([code, out], [130, ''], err);
  assert.match(err, /Stopped\. Nothing was written\.\n$/);
});

test('an engine that is lost on the way is no end of an export: the next one goes on', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'Forge export å '));
  t.after(() => rm(home, { recursive: true, force: true }));
  const kill = await startRecorded(t, home, { RECORDED_EXPORT_HANGS: 'yes' });
  let next: Promise<unknown> = Promise.resolve();
  const words = ['export', 'support', '--format', 'merged', '--json', '--home', home];
  const lost: Incident = {
    at: 'quantising',
    happen: () => {
      rmSync(path.join(home, 'engine.json'));
      // The next one is there before the first one goes, so that the command starts none of its own.
      next = startRecorded(t, home).then(kill);
    },
  };
  const { code, out, err } = await forge(words, lost);
  await next;
  assert.equal(code, 0, err);
  assert.equal(modelExport.parse(JSON.parse(out)).format, 'merged');
  assert.match(err, /The connection to the engine was lost; going on with a new one/);
});

test('a check prints its gates; one that fails is exit code 1 with the whole object in JSON', async (t) => {
  const home = await recordedHome(t);
  const passed = await forge(['export', 'check', '--home', home]);
  assert.equal(passed.code, 0, passed.err);
  assert.match(passed.out, /^It behaves like it\.\n\ncheck +measured +needed\nsame file +sha256/);
  const failed = await forge(['export', 'check', 'support:v1', '--type', 'Q4_K_M', '--json', '--home', home]);
  assert.equal(failed.code, 1, failed.err);
  const check = modelCheck.parse(JSON.parse(failed.out));
  assert.deepEqual([check.passed, check.gates.at(-1)?.gate], [false, 'loss']);
  assert.doesNotMatch(failed.err, /Error/, 'a failing gate is an outcome, not an error');
});

test('two options that exclude each other are told before an engine is asked', async (t) => {
  const home = await recordedHome(t);
  const { code, err } = await forge(['export', 'support', '--format', 'merged', '--type', 'F16', '--home', home]);
  assert.equal(code, 2);
  assert.match(err.replace(/\s+/g, ' '), /--type F16 belongs to a GGUF file .* not to --format merged/);
});
