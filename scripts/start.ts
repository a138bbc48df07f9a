// `npm start`: the desktop window where an Electron runtime is at hand, the same window in a browser otherwise.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The program of the runtime, or null. The package itself is never loaded: that would start a download. */
async function findRuntime(): Promise<string | null> {
  const folder = path.join(root, 'node_modules', 'electron');
  const program = await readFile(path.join(folder, 'path.txt'), 'utf8').catch(() => null);
  const places = [process.env['ELECTRON_OVERRIDE_DIST_PATH'], path.join(folder, 'dist')];
  const found = places
    .flatMap((place) => (place ? [path.join(place, program?.trim() || 'electron')] : []))
    .find((file) => existsSync(file));
  return found ?? null;
}

/** Resolves with the exit code of a program whose output is this one's. */
function run(program: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const words = process.argv.slice(2);
const runtime = await findRuntime();
if (runtime === null) {
  process.stderr.write(
    'No Electron runtime is installed, so Forge opens in the browser (npx install-electron brings one).\n',
  );
  process.exitCode = await run(process.execPath, ['cli/main.ts', 'ui', ...words]);
} else {
  const built =
    (await run(process.execPath, ['scripts/build-renderer.ts'])) +
    (await run(process.execPath, ['scripts/build-desktop.ts']));
  process.exitCode = built === 0 ? await run(runtime, ['dist/desktop/main.mjs', ...words]) : 1;
}
