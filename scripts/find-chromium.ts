import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium of this machine: the variable FORGE_CHROMIUM, else the first one on the PATH; null where there is none. Nothing is ever installed for it. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment['FORGE_CHROMIUM'] ?? '';
  if (named !== '') return isProgram(named) ? named : null;
  const folders = (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const candidates = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return candidates.find((candidate) => isProgram(candidate)) ?? null;
}

/** Its version, as `156.0.8078.79`; empty when it does not say one. */
export function chromiumVersion(program: string): string {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return /\d+(\.\d+){3}/.exec(said)?.[0] ?? '';
}

/** Why nothing of the window can be tried here, for the closing lines of `npm test`. */
export const noChromium =
  'the window in a browser: no Chromium here (it is looked for in FORGE_CHROMIUM, then as chromium, chromium-browser or google-chrome on the PATH)';

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
