#!/usr/bin/env node
// Builds a real Ollama server from its Go module, for tests only, and prints the path of the program. Takes about 2 minutes the first
// time; the result is kept outside the clone and built again when it is gone. Exit code 3: something that it needs is not on this machine.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const version = 'v0.17.4';
const folder = join(homedir(), '.cache', 'forge-tests', `ollama-${version}`);
const program = join(folder, 'ollama');
// Headers that Ollama's C++ parts include and its Go module does not carry.
const debianPackages = ['nlohmann-json3-dev', 'libstb-dev'];

class MissingTool extends Error {}

/** Runs a program without a shell; fails with the reason, which ends this script with code 3. */
function run(command, args, options = {}) {
  try {
    return execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  } catch (error) {
    const why =
      error.code === 'ENOENT'
        ? `${command} is not installed`
        : `${command} ${args[0]} failed (${error.status ?? error.code})`;
    throw new MissingTool(why);
  }
}

function fetchHeaders(into) {
  mkdirSync(into, { recursive: true });
  run('apt-get', ['download', ...debianPackages], { cwd: into, stdio: ['ignore', 'ignore', 'pipe'] });
  for (const name of readdirSync(into).filter((entry) => entry.endsWith('.deb')))
    run('dpkg-deb', ['-x', name, '.'], { cwd: into });
  run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', ':all:', 'miniaudio==1.71'], {
    cwd: into,
  });
  run('tar', ['-xzf', 'miniaudio-1.71.tar.gz'], { cwd: into });
}

function includeFlags(headers) {
  const usr = join(headers, 'usr', 'include');
  return [usr, join(usr, 'stb'), join(headers, 'miniaudio-1.71'), join(headers, 'miniaudio-1.71', 'miniaudio')]
    .map((path) => `-I${path}`)
    .join(' ');
}

function build() {
  const incoming = `${folder}-incoming-${process.pid}`;
  const headers = join(incoming, 'headers');
  try {
    fetchHeaders(headers);
    const flags = includeFlags(headers);
    const env = {
      ...process.env,
      GOBIN: incoming,
      CGO_ENABLED: '1',
      CGO_CFLAGS: `-O2 ${flags}`,
      CGO_CXXFLAGS: `-O2 ${flags}`,
    };
    process.stderr.write(`Building Ollama ${version} for the tests, about 2 minutes ...\n`);
    run('go', ['install', `github.com/ollama/ollama@${version}`], { env });
    rmSync(headers, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(incoming, folder);
  } finally {
    rmSync(incoming, { recursive: true, force: true });
  }
}

try {
  if (!existsSync(program)) build();
  process.stdout.write(`${program}\n`);
} catch (error) {
  if (!(error instanceof MissingTool)) throw error;
  process.stderr.write(`No Ollama for the tests: ${error.message}.\n`);
  process.stderr.write(
    'It needs go 1.26 with a module proxy, a C++ compiler, apt-get, dpkg-deb and python3 with pip.\n',
  );
  process.exitCode = 3;
}
