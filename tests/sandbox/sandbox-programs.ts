// Programs of sandboxes that a bare machine lacks, in the cache of the tests and outside the clone: never a dependency of the product.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '#native-bridge/sandbox/find-program.ts';
import { containerEnvironment } from './python-image.ts';
import { fetchTool, firstLine, onceInCache } from './test-cache.ts';

/** npm checks the digest that its registry names. */
const denoVersion = '2.9.6';

async function fetchDeno(): Promise<string> {
  const library = process.platform === 'linux' ? '-glibc' : '';
  const folder = await onceInCache(`deno-${denoVersion}`, async (cwd) => {
    await fetchTool('npm', ['pack', '--silent', `@deno/${process.platform}-${process.arch}${library}@${denoVersion}`], {
      cwd,
    });
    const archive = (await readdir(cwd)).find((name) => name.endsWith('.tgz')) ?? '';
    await fetchTool('tar', ['-xzf', archive], { cwd });
    await rm(path.join(cwd, archive));
  });
  return path.join(folder, 'package', process.platform === 'win32' ? 'deno.exe' : 'deno');
}

/** The Deno of this machine, else one from npm, else none. */
async function denoEnvironment(): Promise<NodeJS.ProcessEnv> {
  if (process.env['DENO_BIN'] !== undefined || findProgram(['deno'], process.env) !== null) return {};
  try {
    return { DENO_BIN: await fetchDeno() };
  } catch (error) {
    process.stderr.write(`Deno could not be fetched from npm: ${firstLine(error)}\n`);
    return {};
  }
}

/** An environment in which every sandbox is there that this machine can have. Takes a minute the first time. */
export async function sandboxEnvironment(): Promise<NodeJS.ProcessEnv> {
  const environment = { ...process.env, ...(await denoEnvironment()) };
  return { ...environment, ...(await containerEnvironment(environment)) };
}
