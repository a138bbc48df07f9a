/**
 * Compiles python-env/locks/<profile>.in to <profile>.txt: every package pinned, with the digests of its files, for all
 * systems at once, and without the address of any package index. Run it after changing an .in file; commit both.
 *
 *   node scripts/compile-locks.mjs [profile...]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const locksFolder = join(dirname(fileURLToPath(import.meta.url)), '..', 'python-env', 'locks');
const minimumPython = '3.11';

/**
 * On the CPU nothing imports these, although torch's ordinary Linux build asks for them (checked by import, training and
 * linear algebra without them): 1 GB less. The other nvidia libraries stay: libtorch_cuda.so, which that build always
 * loads, is linked against them.
 */
const notNeededOnCpu = ['triton', 'cuda-bindings', 'cuda-pathfinder', 'nvidia-cusolver', 'nvidia-nvtx'];
const leftOut = { cpu: notNeededOnCpu, dev: notNeededOnCpu };
/** Packages of which one file is used and nothing is run. */
const withoutDependencies = ['smollm2-135m'];

function compile(profile) {
  const omitted = (leftOut[profile] ?? []).flatMap((name) => ['--no-emit-package', name]);
  const flags = ['--universal', '--generate-hashes', '--no-header', '--no-annotate', '--no-emit-index-url'];
  if (withoutDependencies.includes(profile)) flags.push('--no-deps');
  const files = [`${profile}.in`, '--output-file', `${profile}.txt`];
  const args = ['pip', 'compile', ...flags, '--python-version', minimumPython, ...omitted, ...files, '--quiet'];
  const { status, error } = spawnSync('uv', args, { cwd: locksFolder, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error ?? status !== 0) throw new Error(`uv could not compile ${profile}.in`, { cause: error });
  console.log(`${profile}.txt written`);
}

const wanted = process.argv.slice(2);
const all = readdirSync(locksFolder)
  .filter((name) => name.endsWith('.in'))
  .map((name) => name.slice(0, -3));
for (const profile of wanted.length > 0 ? wanted : all) compile(profile);
