// `forge` as a child process against an engine that plays a recorded main job over the real wire.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { mainJobResult } from '#contract/main-job.ts';
import { connectEngine, findEngine, stopEngine } from '../../cli/engine-connection.ts';
import { CommandFailure } from '../../cli/failure.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const main = path.join(root, 'cli', 'main.ts');
const escape = '\u001b';
const recordedEntry = path.join(import.meta.dirname, 'recorded-engine-process.ts');

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly written: { out: string; err: string };
  readonly finished: Promise<Finished>;
}

function start(program: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
  const clean = {
    ...process.env,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    FORGE_HOME: undefined,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
  };
  const child = spawn(program, words, {
    cwd: tmpdir(),
    env: { ...clean, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (written.out += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (written.err += bytes.toString('utf8')));
  const finished = new Promise<Finished>((resolve) => child.on('close', (code) => resolve({ code, ...written })));
  return { child, written, finished };
}

function forge(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return start(process.execPath, [main, ...words], environment).finished;
}

async function until(what: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!what()) {
    assert.ok(Date.now() < deadline, 'it did not happen in time');
    await sleep(10);
  }
}

/** A home with spaces and letters beyond ASCII in its name, and a recorded engine in it. */
async function recordedHome(t: TestContext, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'Forge hem å '));
  const engine = start(process.execPath, [recordedEntry, '--home', home], environment);
  t.after(async () => {
    engine.child.kill('SIGKILL');
    await engine.finished;
    await rm(home, { recursive: true, force: true });
  });
  await until(() => existsSync(path.join(home, 'engine.json')));
  return home;
}

test('init sets up Python, then fetches the base model that was named, and says both', async (t) => {
  const home = await recordedHome(t);
  const { code, out, err } = await forge(['init', '--base', 'tinyllama', '--json', '--home', home]);
  assert.equal(code, 0, err);
  const { environment, base } = JSON.parse(out) as { environment: { profile: string }; base: { id: string } };
  assert.equal(environment.profile, 'cpu');
  assert.equal(base.id, 'tinyllama');
  assert.ok(err.indexOf('install: downloading') >= 0 && err.indexOf('install: downloading') < err.indexOf('fetching'));
});

test('init --folder-only installs and fetches nothing', async (t) => {
  const home = await recordedHome(t);
  const { code, out, err } = await forge(['init', '--folder-only', '--json', '--home', home]);
  assert.equal(code, 0, err);
  const { environment, base } = JSON.parse(out) as { environment: unknown; base: unknown };
  assert.deepEqual([environment, base], [null, null]);
  assert.equal(err, '');
});

test('quickstart --once --json prints the result object and nothing else on standard output', async (t) => {
  const home = await recordedHome(t, { RECORDED_STEP_MS: '15' });
  const { code, out, err } = await forge(['quickstart', '--once', '--json', '--home', home]);
  assert.equal(code, 0, err);
  const result = mainJobResult.parse(JSON.parse(out));
  assert.deepEqual([result.name, result.tunedScore, result.home], ['support', 80.8, home]);
  assert.match(err, /^\[ +\d+\.\d s\] Machine: /);
  assert.ok(err.split('\n').length < 30, 'progress is sparse');
});

test('without a terminal quickstart prints plain lines, the verdict and what to do next', async (t) => {
  const home = await recordedHome(t, { RECORDED_STEP_MS: '10' });
  const { code, out, err } = await forge(['quickstart', '--once', '--home', home], { COLUMNS: '60' });
  assert.equal(code, 0, err);
  assert.equal((out + err).includes(escape), false, 'no escape sequence without a terminal');
  assert.match(out, /Better by 81 points \(76 to 86\)/);
  assert.match(out, /\n {2}after: support:v1\n/, 'under each other at 60 columns');
  assert.match(out, /Next\n {2}forge inference support:v1/);
  assert.equal(out.includes('Serving'), false);
});

test('FORCE_COLOR colours a pipe and NO_COLOR wins over it', async (t) => {
  const home = await recordedHome(t);
  const coloured = await forge(['models', '--home', home], { FORCE_COLOR: '1' });
  const plain = await forge(['models', '--home', home], { FORCE_COLOR: '1', NO_COLOR: '1' });
  assert.deepEqual([coloured.out.includes(escape), plain.out.includes(escape)], [true, false]);
});

test('quickstart stays to serve until Ctrl-C, which stops the server and is no failure', async (t) => {
  const home = await recordedHome(t, { RECORDED_STEP_MS: '5' });
  const running = start(process.execPath, [main, 'quickstart', '--port', '28793', '--home', home]);
  await until(() => running.written.out.includes('Ctrl-C stops the server.'));
  assert.match(
    running.written.out,
    /\nServing support:v1 at http:\/\/127\.0\.0\.1:18793\/v1\. Ctrl-C stops the server\.\n/,
  );
  running.child.kill('SIGINT');
  const { code, err } = await running.finished;
  assert.equal(code, 0, err);
  const status = JSON.parse((await forge(['status', '--json', '--home', home])).out) as {
    running: boolean;
    serving: { running: boolean };
  };
  assert.deepEqual([status.running, status.serving.running], [true, false], 'the engine was there before and stays');
});

test('the first Ctrl-C while it works keeps what is done, says how to go on, and the next run continues', async (t) => {
  const home = await recordedHome(t, { RECORDED_STEP_MS: '60' });
  const running = start(process.execPath, [main, 'quickstart', '--once', '--json', '--home', home]);
  await until(() => running.written.err.includes('Plan: '));
  running.child.kill('SIGINT');
  const stopped = await running.finished;
  assert.equal(stopped.code, 130, stopped.err);
  assert.equal(stopped.out, '');
  assert.match(stopped.err, /Stopped\. What is done is kept: \d+ steps of 13/);
  assert.match(stopped.err, /Go on with: forge quickstart --once --json --home '.*Forge hem å .*'\n$/);
  const second = await forge(['quickstart', '--once', '--json', '--home', home]);
  assert.equal(second.code, 0, second.err);
});

test('a second Ctrl-C leaves at once', async (t) => {
  const home = await recordedHome(t, { RECORDED_STEP_MS: '400', RECORDED_CANCEL_MS: '20000' });
  const running = start(process.execPath, [main, 'quickstart', '--home', home]);
  await until(() => running.written.err.includes('Machine: '));
  running.child.kill('SIGINT');
  await until(() => running.written.err.includes('Ctrl-C again'));
  // What comes sooner counts as the same press.
  await sleep(300);
  const asked = Date.now();
  running.child.kill('SIGINT');
  const { code, err } = await running.finished;
  assert.equal(code, 130);
  assert.ok(Date.now() - asked < 3_000);
  assert.match(err, /Stopped\. What is done is kept: [1-9]\d* steps? of 13/);
});

test('one Ctrl-C that arrives twice, as under npm, is one: it waits for the checkpoint and counts what is done', async (t) => {
  const home = await recordedHome(t, { RECORDED_STEP_MS: '100', RECORDED_CANCEL_MS: '500' });
  const running = start(process.execPath, [main, 'quickstart', '--once', '--home', home]);
  await until(() => running.written.err.includes('Training: '));
  const asked = Date.now();
  running.child.kill('SIGINT');
  await sleep(20);
  running.child.kill('SIGINT');
  const { code, err } = await running.finished;
  assert.equal(code, 130, err);
  assert.ok(Date.now() - asked >= 450, 'it waited for the engine to stop');
  assert.match(err, /kept: 7 steps of 13, and training up to its last checkpoint\./);
});

test("a failed chain ends with the error's sentence, its remedy and its exit code", async (t) => {
  const home = await recordedHome(t, { RECORDED_STEP_MS: '5', RECORDED_FAIL_AT: 'export' });
  const { code, out, err } = await forge(['quickstart', '--once', '--json', '--home', home]);
  assert.equal(code, 3);
  const { error } = JSON.parse(out) as { error: { code: string; remedy: string } };
  assert.equal(error.code, 'engine.disk-full');
  assert.match(err, /Error {2}The disk is full:/);
  assert.match(err, /Free some space/);
  assert.doesNotMatch(err, /\n\s+at /, 'no stack');
});

test("the engine's refusals reach the person: a missing dataset is exit code 2", async (t) => {
  const home = await recordedHome(t);
  const { code, err } = await forge(['train', '--dataset', 'missing.csv', '--home', home]);
  assert.equal(code, 2);
  assert.ok(err.includes(path.join(tmpdir(), 'missing.csv')), 'the path is resolved from the working directory');
});

test('train --dry-run shows the plan with the request as it was typed', async (t) => {
  const home = await recordedHome(t);
  const { code, out } = await forge([
    'train',
    '--dataset',
    'a b.csv',
    '--model',
    'qwen',
    '--rank',
    '8',
    '--no-deploy',
    '--dry-run',
    '--json',
    '--home',
    home,
  ]);
  assert.equal(code, 0);
  const { recipe } = JSON.parse(out) as { recipe: { rank: number; request: Record<string, unknown> } };
  assert.deepEqual(recipe.request, {
    dataset: path.join(tmpdir(), 'a b.csv'),
    base: 'qwen',
    rank: 8,
    export: true,
    deployToOllama: 'never',
  });
});

test('runs, models and index: one JSON value each, lines for a person otherwise', async (t) => {
  const home = await recordedHome(t);
  const json = async (words: string[]): Promise<unknown> => {
    const { code, out, err } = await forge([...words, '--json', '--home', home]);
    assert.equal(code, 0, `${words.join(' ')}: ${err}`);
    assert.equal(out.trim().split('\n').length, 1);
    return JSON.parse(out);
  };
  const isRecord = (value: unknown, key: string): boolean =>
    typeof value === 'object' && value !== null && key in value;
  assert.ok(Array.isArray(await json(['runs', 'list'])));
  assert.ok(isRecord(await json(['runs', 'show', 'last']), 'losses'));
  assert.deepEqual(await json(['runs', 'logs', 'train']), {
    job: 'train-1',
    text: 'loading the base\nstep 1 loss 3.9\n',
  });
  assert.ok(isRecord(await json(['runs', 'pause', 'train-1']), 'state'));
  assert.ok(Array.isArray(await json(['models'])));
  assert.ok(isRecord(await json(['models', 'show', 'support']), 'verdict'));
  assert.deepEqual(await json(['models', 'remove', 'support:v1', '--yes']), {
    removed: 'support:v1',
    freedBytes: 144_800_000,
  });
  assert.deepEqual(await json(['index', 'rebuild']), { jobs: 1, attempts: 2, events: 300, seconds: 0.04 });
  assert.deepEqual(
    await json(['inference', 'support', 'good', 'day']).then((value) => (value as { answer: string }).answer),
    'You said: good day',
  );
  assert.match((await forge(['runs', '--home', home])).out, /^run +name +state +step +begun\ntrain-1/);
});

test('base add fetches an id and takes up a path where it lies; remove says what was freed', async (t) => {
  const home = await recordedHome(t);
  const fetched = await forge(['base', 'add', 'tinyllama', '--json', '--home', home]);
  assert.deepEqual([fetched.code, (JSON.parse(fetched.out) as { id: string }).id], [0, 'tinyllama'], fetched.err);
  assert.match(fetched.err, /fetching tinyllama \(50 %\)/);
  const own = await forge(['base', 'add', './my model.gguf', '--json', '--home', home]);
  assert.equal((JSON.parse(own.out) as { origin: string }).origin, path.join(tmpdir(), 'my model.gguf'));
  const removed = await forge(['base', 'remove', 'smollm', '--yes', '--json', '--home', home]);
  assert.deepEqual(JSON.parse(removed.out), { removed: 'smollm2-135m-instruct', freedBytes: 98_000_000 });
});

test('what cannot be answered is refused: nobody to ask, an unknown run, a run that may not be retried', async (t) => {
  const home = await recordedHome(t);
  const remove = await forge(['models', 'remove', 'support:v1', '--home', home]);
  assert.deepEqual([remove.code, /Add --yes/.test(remove.err)], [2, true], remove.err);
  const show = await forge(['runs', 'show', 'trian-1', '--home', home]);
  assert.deepEqual([show.code, /Did you mean train-1\?/.test(show.err)], [2, true], show.err);
  const retry = await forge(['runs', 'retry', 'last', '--home', home]);
  assert.equal(retry.code !== 0 && /retry/.test(retry.err), true, retry.err);
});

test('ui prints the address with its token; its JSON has url, port and pid', async (t) => {
  const home = await recordedHome(t);
  const { code, out } = await forge(['ui', '--json', '--home', home]);
  assert.equal(code, 0);
  const { url, port, pid } = JSON.parse(out) as { url: string; port: number; pid: number };
  const file = JSON.parse(readFileSync(path.join(home, 'engine.json'), 'utf8')) as {
    token: string;
    port: number;
    pid: number;
  };
  assert.deepEqual([url, port, pid], [`http://127.0.0.1:${file.port}/?token=${file.token}`, file.port, file.pid]);
  assert.equal((await forge(['ui', '--no-open', '--home', home])).out, `${url}\n`);
});

test('stop ends the engine; status and stop without one say so and start none', async (t) => {
  const home = await recordedHome(t);
  const stopped = await forge(['stop', '--json', '--home', home]);
  assert.deepEqual([stopped.code, (JSON.parse(stopped.out) as { stopped: boolean }).stopped], [0, true]);
  const again = await forge(['stop', '--json', '--home', home]);
  assert.deepEqual([again.code, JSON.parse(again.out)], [0, { stopped: false, pid: null, home }]);
  const status = await forge(['status', '--json', '--home', home]);
  assert.deepEqual([status.code, JSON.parse(status.out)], [0, { running: false, home }]);
  assert.equal(existsSync(path.join(home, 'engine.json')), false);
});

test('an engine is started when none runs, even over the file of a killed one; two starts share one engine', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge start '));
  t.after(() => rm(home, { recursive: true, force: true }));
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => dead.on('exit', resolve));
  writeFileSync(
    path.join(home, 'engine.json'),
    JSON.stringify({ pid: dead.pid, port: 9, token: 'x', protocol: 1, version: '0', url: 'http://127.0.0.1:9' }),
  );
  const search = { home, environment: process.env, entry: recordedEntry };
  const first = await connectEngine(search);
  assert.equal(first.started, true);
  const second = await connectEngine(search);
  assert.deepEqual([second.started, second.file.pid], [false, first.file.pid]);
  second.close();
  assert.equal(await stopEngine(first), true);
  assert.equal(await findEngine(home), null);
});

test('an engine that does not start gives its own words and the place of its log', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'forge fails '));
  t.after(() => rm(home, { recursive: true, force: true }));
  const plain = await connectEngine({
    home,
    environment: { ...process.env, RECORDED_ENGINE_FAILS: 'the disk is on fire' },
    entry: recordedEntry,
  }).catch((error: unknown) => error);
  assert.ok(plain instanceof CommandFailure);
  assert.equal(plain.failure.code, 'engine.start-failed');
  assert.match(plain.failure.message, /ended with code 3.*the disk is on fire/s);
  assert.ok(plain.failure.remedy.includes(path.join(home, 'logs', 'engine.log')));
  const line = JSON.stringify({
    level: 'error',
    message: 'Port 1 is taken.',
    code: 'engine.port-taken',
    remedy: 'Choose another.',
  });
  const expected = await connectEngine({
    home,
    environment: { ...process.env, RECORDED_ENGINE_FAILS: line },
    entry: recordedEntry,
  }).catch((error: unknown) => error);
  assert.ok(expected instanceof CommandFailure);
  assert.deepEqual(
    [expected.failure.code, expected.failure.message, expected.failure.exitCode],
    ['engine.port-taken', 'Port 1 is taken.', 3],
  );
});

test('the launcher works from any directory, through a link, and in a folder with spaces', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'Länk mapp '));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const copy = path.join(folder, 'forge häuschen');
  mkdirSync(path.join(copy, 'cli'), { recursive: true });
  mkdirSync(path.join(copy, 'node_modules', '.bin'), { recursive: true });
  writeFileSync(path.join(copy, 'forge'), readFileSync(path.join(root, 'forge')));
  chmodSync(path.join(copy, 'forge'), 0o755);
  symlinkSync(process.execPath, path.join(copy, 'node_modules', '.bin', 'node'));
  writeFileSync(path.join(copy, 'cli', 'main.ts'), 'console.log(JSON.stringify(process.argv.slice(2)));\n');
  symlinkSync(path.join(copy, 'forge'), path.join(folder, 'linked'));
  const linked = await start(path.join(folder, 'linked'), ['a b', "it's", '']).finished;
  assert.deepEqual([linked.code, JSON.parse(linked.out)], [0, ['a b', "it's", '']], linked.err);
  rmSync(path.join(copy, 'node_modules'), { recursive: true });
  mkdirSync(path.join(copy, 'scripts'));
  writeFileSync(path.join(copy, 'scripts', 'bootstrap.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)));\n');
  const bare = await start(path.join(copy, 'forge'), ['status']).finished;
  assert.deepEqual(JSON.parse(bare.out), ['forge', 'status'], bare.err);
});

test('a reader that goes away ends the command quietly', async () => {
  const running = start('sh', ['-c', `"${process.execPath}" "${main}" train --help | head -1`]);
  const { code, err } = await running.finished;
  assert.deepEqual([code, err], [0, '']);
});
