import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, inRepository } from './places.ts';
import { runToSuccess } from './run-process.ts';

const setUpTimeoutMs = 20 * 60_000;

/**
 * The interpreter of the contributors' environment (profile `dev`: the product's locked packages and TRL), set up by the product itself.
 * A set-up that is complete is checked in a few seconds.
 */
export async function developerPython(): Promise<string> {
  const home = path.join(cacheFolder, 'home');
  await mkdir(home, { recursive: true });
  await runToSuccess(process.execPath, [inRepository('scripts', 'developer-environment.ts'), home], {
    timeoutMs: setUpTimeoutMs,
  });
  const link = path.join(home, 'envs', 'dev');
  const python = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  // An environment keeps its interpreter in a folder of its own beside the stamps of its set-up.
  const candidates = [path.join(link, 'python', ...python), path.join(link, ...python)];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`There is no interpreter in ${link} (looked for ${candidates.join(', ')}).`);
  return found;
}
