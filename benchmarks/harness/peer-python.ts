import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NotMeasurable } from './benchmark.ts';
import { cacheFolder } from './places.ts';
import { runProcess } from './run-process.ts';

const makeTimeoutMs = 15 * 60_000;

/**
 * The interpreter of a private environment with the packages of peers (`name==version`), kept in the cache under `name` and made anew when the list
 * changes. Throws NotMeasurable without Python 3 or where the packages can not be had.
 */
export async function peerPython(
  name: string,
  packages: readonly string[],
  say: (line: string) => void,
): Promise<string> {
  const folder = path.join(cacheFolder, 'benchmarks', 'peers', name);
  const python = path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const stamp = path.join(folder, `made-${packages.join('-').replaceAll(/[^\w.-]/g, '_')}`);
  if (existsSync(stamp)) return python;
  say(`setting up ${packages.join(', ')} in ${folder}, once`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  await runOrGiveUp('python3', ['-m', 'venv', folder]);
  await runOrGiveUp(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await writeFile(stamp, '');
  return python;
}

async function runOrGiveUp(command: string, args: readonly string[]): Promise<void> {
  const end = await runProcess(command, args, { timeoutMs: makeTimeoutMs }).catch((error: Error) => error);
  if (end instanceof Error) throw new NotMeasurable(`${command} can not be started: ${end.message}`);
  if (end.code !== 0) throw new NotMeasurable(`${command} ${args[1] ?? ''} failed: ${end.stderr.trim().slice(-300)}`);
}
