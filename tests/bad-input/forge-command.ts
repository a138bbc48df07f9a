import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const main = path.resolve(import.meta.dirname, '..', '..', 'cli', 'main.ts');

/** How a run of `forge` ended. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Nothing of this machine may decide a test: no settings of the person, no network, no Ollama, any free port.
 */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(FORGE_|NODE_|UV_|PIP_|PYTHON)/.test(name));
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: '1',
    LC_ALL: 'C.UTF-8',
    OLLAMA_HOST: 'http://127.0.0.1:9',
    FORGE_SERVER_PORT: '0',
    FORGE_NETWORK_OFFLINE: 'true',
  };
}

/** Who runs a command; absent: the user of the tests. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Root may read and write everything: then another user asks. The number is that of `nobody` on most systems; any but 0 will do. */
export const anotherUser: User = { uid: 65_534, gid: 65_534 };

/** Runs the real command line as a person would, in another folder. A variable given as undefined is taken away. */
export function forge(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  user: Partial<User> = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd: tmpdir(),
      env: { ...ownEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString('utf8')));
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** A test, or what stands for all tests of a file. */
export interface AtTheEnd {
  after(work: () => Promise<void>): void;
}

/** A folder that goes at the end of the test, with spaces and letters beyond ASCII in its name. */
export async function newFolder(t: AtTheEnd): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'Forge fel ö '));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A home that is not there yet; an engine left in it is stopped at the end. */
export async function newHome(t: AtTheEnd): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'Forge hem ö '));
  const home = path.join(folder, 'home');
  t.after(async () => {
    if (existsSync(path.join(home, 'engine.json'))) await forge(['stop', '--home', home]);
    await rm(folder, { recursive: true, force: true });
  });
  return home;
}

export interface Refusal {
  readonly exitCode: number;
  readonly code: string;
  /** What happened and where. */
  readonly says: RegExp;
  /** What to do. */
  readonly remedy: RegExp;
  readonly by?: User;
}

interface ShownError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly exitCode: number;
}

/** Runs `forge ... --json` and checks that it refuses as wanted: in words, with one remedy, without a stack, in both outputs. */
export async function refused(
  words: readonly string[],
  wanted: Refusal,
  environment: NodeJS.ProcessEnv = {},
): Promise<ShownError> {
  const done = await forge([...words, '--json'], environment, wanted.by);
  const all = `${done.out}\n${done.err}`;
  assert.match(done.out, /^\{"error":/, all);
  const { error } = JSON.parse(done.out) as { error: ShownError };
  assert.deepEqual([error.code, error.exitCode, done.code], [wanted.code, wanted.exitCode, wanted.exitCode], all);
  assert.match(error.message, wanted.says);
  assert.match(error.remedy, wanted.remedy);
  const shown = done.err.replace(/\s+/g, ' ');
  assert.equal(shown.includes(`Error ${error.message} ${error.remedy}`), true, `not in words: ${done.err}`);
  assert.doesNotMatch(
    all,
    /^\s+at |node:internal|\bE[A-Z]{4,}:|undefined|\[object|\{\w+\}/m,
    'no stack and no raw value',
  );
  return error;
}

/** No engine, no lock, no temporary file and no work that claims to be running is left in a home. */
export function assertNothingHalfMade(home: string): void {
  if (!existsSync(home)) return;
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  const strays = files.filter((file) =>
    /(^|\/)(engine\.json|engine\.lock[^/]*|\.write-check-[^/]*|[^/]*\.(tmp|incoming-\d+|part-\d+))$/.test(file),
  );
  assert.deepEqual(strays, [], 'nothing half-made is left');
  const states = files.filter((file) => path.basename(file) === 'build.json').map((file) => stateOf(home, file));
  assert.deepEqual(
    states.filter((state) => state === 'running' || state === 'waiting'),
    [],
    'no build claims to be running',
  );
}

function stateOf(home: string, file: string): string {
  return (JSON.parse(readFileSync(path.join(home, file), 'utf8')) as { state: string }).state;
}
