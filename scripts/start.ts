// `npm start`: the desktop window where an Electron runtime is at hand, the same window in a browser otherwise.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findElectron } from './find-electron.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Resolves with the exit code of a program whose output is this one's. */
function run(program: string, words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const words = process.argv.slice(2);
const runtime = findElectron();
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
