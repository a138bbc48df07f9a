// Packs Forge without a desktop: `node scripts/release/pack-headless.ts [--out DIR]` writes forge-<version>-<system>.tar.gz and, on Debian, a .deb.
// What is packed is what a clone runs (ADR 0006: the locked Node, sources without a build step), with the window built and nothing for developers.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, glob, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rendererOutput, repositoryRoot } from '../renderer-bundle.ts';

const folders = ['cli', 'contract', 'core', 'engine', 'native-bridge', 'python-env', 'resources', 'domains'];
const files = ['forge', 'LICENSE', 'README.md', 'package.json', 'package-lock.json', '.npmrc'];
/** Nothing that only tests or builds need. */
const leftOut =
  /(\.test\.ts|-fixture\.ts|tsconfig\.json|ruff\.toml)$|(^|\/)(fake-[^/]*|testing|tests|recorded|__pycache__|\.venv)(\/|$)/;
const system = `${process.platform}-${process.arch}`;
/** llama.cpp's prebuilt library for this system without graphics; the names of its packages say `win` and `mac`. */
const llamaBuild = system.replace('win32', 'win').replace('darwin', 'mac').replace('mac-arm64', 'mac-arm64-metal');

interface Packed {
  readonly files: readonly string[];
  readonly unpackedBytes: number;
}

function run(program: string, words: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with code ${code}.`))));
  });
}

/** The application's folder, complete: sources, window, packages for this system alone. */
async function stage(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const file of files) await cp(path.join(repositoryRoot, file), path.join(target, file));
  for (const folder of folders) {
    const from = path.join(repositoryRoot, folder);
    await cp(from, path.join(target, folder), {
      recursive: true,
      filter: (source) => !leftOut.test(path.relative(repositoryRoot, source).split(path.sep).join('/')),
    });
  }
  await run(process.execPath, [path.join(repositoryRoot, 'scripts', 'build-renderer.ts')], repositoryRoot);
  await cp(rendererOutput, path.join(target, 'dist', 'renderer'), { recursive: true });
  await run(npmProgram(), ['ci', '--omit=dev', '--ignore-scripts', '--loglevel=error'], target);
  await prunePackages(path.join(target, 'node_modules'));
}

function npmProgram(): string {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

/** Prebuilt natives of other systems, headers and sources of natives, maps and typings: nothing that runs. */
async function prunePackages(modules: string): Promise<void> {
  const foreign = ['darwin', 'win32', 'linux', 'linuxmusl', 'android', 'freebsd']
    .flatMap((name) => ['x64', 'arm64', 'arm', 'ia32'].map((processor) => `${name}-${processor}`))
    .filter((name) => name !== system);
  const patterns = [
    ...foreign.map((name) => `**/prebuilds/${name}{,.node}`),
    `@node-llama-cpp/!(${llamaBuild})`,
    'better-sqlite3/{deps,src}',
    'node-pty/{deps,src,third_party,scripts}',
    // What compiles llama.cpp; two facts about the prebuilt one lie beside it and are read when it is loaded.
    'node-llama-cpp/templates',
    'node-llama-cpp/llama/!(binariesGithubRelease.json|llama.cpp.info.json)',
    '{cmake-js,node-api-headers,tar}',
    '{,**/node_modules/}node-addon-api',
    'node-linux-*/{include,share,lib}',
    // A peer of somebody's, and sources beside what was built of them.
    'typescript',
    '@typescript',
    'zod/src',
    '**/*.test.{js,mjs,cjs,ts}',
    '**/*.{map,d.ts,d.mts,d.cts}',
  ];
  for await (const found of glob(patterns, { cwd: modules })) {
    await rm(path.join(modules, found), { recursive: true, force: true });
  }
}

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  return bytes;
}

async function packDebian(staged: string, { out, version }: { out: string; version: string }): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'forge-deb-'));
  try {
    await cp(staged, path.join(root, 'opt', 'forge'), { recursive: true, verbatimSymlinks: true });
    await mkdir(path.join(root, 'usr', 'bin'), { recursive: true });
    await symlink('../../opt/forge/forge', path.join(root, 'usr', 'bin', 'forge'));
    await mkdir(path.join(root, 'DEBIAN'));
    await chmod(root, 0o755);
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    const kilobytes = Math.ceil((await bytesOf(staged)) / 1024);
    const control = [
      'Package: forge',
      `Version: ${version}`,
      'Section: science',
      'Priority: optional',
      `Architecture: ${architecture}`,
      `Installed-Size: ${kilobytes}`,
      'Depends: libc6, libstdc++6',
      'Recommends: python3 (>= 3.11), python3-venv',
      'Maintainer: Forge developers <forge@localhost>',
      'Description: From a pile of examples to your own language model, proven better',
      ' Trains, measures and serves small language models on your own machine.',
      '',
    ].join('\n');
    await writeFile(path.join(root, 'DEBIAN', 'control'), control);
    const file = path.join(out, `forge_${version}_${architecture}.deb`);
    await run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', root, file], out);
    return file;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** @returns the files written and the size of what they hold */
export async function packHeadless(out: string, { debian = existsSync('/usr/bin/dpkg-deb') } = {}): Promise<Packed> {
  const { version } = JSON.parse(await readFile(path.join(repositoryRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  await mkdir(out, { recursive: true });
  const work = await mkdtemp(path.join(tmpdir(), 'forge-release-'));
  try {
    const name = `forge-${version}-${system}`;
    const staged = path.join(work, name);
    await stage(staged);
    const archive = path.join(out, `${name}.tar.gz`);
    await run('tar', ['--owner=0', '--group=0', '-czf', archive, name], work);
    const packed = debian ? [archive, await packDebian(staged, { out, version })] : [archive];
    return { files: packed, unpackedBytes: await bytesOf(staged) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: path.join(repositoryRoot, 'dist', 'release') } },
  });
  const { files: packed, unpackedBytes } = await packHeadless(path.resolve(values.out));
  for (const file of packed) process.stdout.write(`${file}  ${((await stat(file)).size / 1e6).toFixed(1)} MB\n`);
  process.stdout.write(`unpacked ${(unpackedBytes / 1e6).toFixed(0)} MB\n`);
}
