// The one entry point of every npm script. Runs on the Node the person has (20 or newer), with built-in modules only:
// installs the locked packages when they are missing or out of date, then goes on under the locked Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const minimumNodeMajor = 20;
const neededNodeMajor = 24;
const stampPath = path.join(root, 'node_modules', '.forge-install');
const lockPath = path.join(root, '.cache', 'install.lock');

/** What each npm script starts, relative to the root. */
const entries = {
  quickstart: ['cli/main.ts', 'quickstart'],
  start: ['scripts/start.ts'],
  dev: ['scripts/dev.ts'],
  forge: ['cli/main.ts'],
  test: ['scripts/run-tests.ts'],
  check: ['scripts/run-tests.ts', '--only', 'check'],
  bench: ['benchmarks/main.ts'],
  'test:kills': ['scripts/run-tests.ts', '--only', 'kills'],
  'test:resume': ['scripts/run-tests.ts', '--only', 'resume'],
  'test:window': ['scripts/run-tests.ts', '--only', 'window'],
};

function fail(message, remedy) {
  process.stderr.write(`${message}\n${remedy}\n`);
  process.exit(3);
}

function installStamp() {
  const hash = createHash('sha256');
  hash.update(readFileSync(path.join(root, 'package-lock.json')));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`;
}

function isInstalled() {
  return existsSync(stampPath) && readFileSync(stampPath, 'utf8') === installStamp();
}

/** Two commands started at once must not both rewrite node_modules: the second waits for the first. */
function holdInstallLock() {
  mkdirSync(path.dirname(lockPath), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lockPath, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isHolderAlive()) rmSync(lockPath, { force: true });
    else spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 500)']);
  }
}

function isHolderAlive() {
  try {
    process.kill(Number(readFileSync(lockPath, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function install() {
  holdInstallLock();
  try {
    if (isInstalled()) return;
    process.stderr.write('Installing the locked packages (about 900 MB, one time) ...\n');
    const started = Date.now();
    // npm tells its own path to the scripts it runs: the same npm is used, without a shell, on every system.
    const npm = process.env.npm_execpath;
    const command = npm ? [process.execPath, npm] : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
    const done = spawnSync(command[0], [...command.slice(1), 'ci', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (done.error)
      fail(
        `npm could not be started: ${done.error.message}.`,
        'Install Node.js with npm, then run the same command again.',
      );
    if (done.status !== 0) {
      fail(
        'The packages could not be installed (npm ci failed; its message is above).',
        'Check the network and the free disk space (1 GB), then run the same command again: what was fetched is kept.',
      );
    }
    writeFileSync(stampPath, installStamp());
    process.stderr.write(`Packages installed in ${((Date.now() - started) / 1000).toFixed(0)} s.\n`);
  } finally {
    rmSync(lockPath, { force: true });
  }
}

/** The Node of the lockfile; where no package carries one (macOS), the person's own if it is new enough. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const architecture = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  for (const folder of ['bin', '.']) {
    const candidate = path.join(root, 'node_modules', architecture, folder, name);
    if (existsSync(candidate)) return candidate;
  }
  if (Number(process.versions.node.split('.')[0]) >= neededNodeMajor) return process.execPath;
  return fail(
    `Forge runs under Node ${neededNodeMajor}; this is ${process.versions.node}.`,
    `Install Node ${neededNodeMajor} and run the same command again.`,
  );
}

function checkNeeds() {
  if (Number(process.versions.node.split('.')[0]) < minimumNodeMajor) {
    fail(
      `Node ${process.versions.node} is too old.`,
      `Install Node ${minimumNodeMajor} or newer and run the same command again.`,
    );
  }
}

function run(entry, extra) {
  const [file, ...fixed] = entries[entry];
  const nodePath = findNode();
  // Tools that look for `node` on PATH (npm's bin links) must find the same one.
  const env = {
    ...process.env,
    PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
  };
  const child = spawn(nodePath, [path.join(root, file), ...fixed, ...extra], { stdio: 'inherit', env });
  // Ctrl-C reaches the child through the terminal; this process only waits for its verdict.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) =>
    fail(`Node could not be started: ${error.message}.`, 'Delete node_modules and run the same command again.'),
  );
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1)));
}

const [entry = '', ...extra] = process.argv.slice(2);
if (!Object.hasOwn(entries, entry)) fail(`Unknown entry "${entry}".`, `One of: ${Object.keys(entries).join(', ')}.`);
checkNeeds();
if (!isInstalled()) install();
run(entry, extra);
