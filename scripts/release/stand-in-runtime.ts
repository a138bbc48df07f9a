import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../renderer-bundle.ts';
import { packDesktop } from './pack-desktop.ts';

const run = promisify(execFile);

/**
 * Builds the desktop app and packs it inside `folder` around empty files in place of Electron's runtime: what is packed and where it lies can
 * be seen, it cannot be started.
 * @returns the packed `resources` folder
 */
export async function packAroundStandIn(folder: string): Promise<string> {
  const runtime = path.join(folder, 'runtime');
  await mkdir(path.join(runtime, 'resources'), { recursive: true });
  for (const name of ['electron', 'LICENSE', 'LICENSES.chromium.html', 'version'])
    await writeFile(path.join(runtime, name), 'a stand-in', { mode: 0o755 });
  for (const script of ['build-renderer.ts', 'build-desktop.ts'])
    await run(process.execPath, [path.join(repositoryRoot, 'scripts', script)], { cwd: repositoryRoot });
  await packDesktop({ out: path.join(folder, 'out'), runtime, burnsFuses: false });
  return path.join(folder, 'out', `${process.platform === 'win32' ? 'win' : 'linux'}-unpacked`, 'resources');
}
