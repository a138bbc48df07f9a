// Size of the packed desktop app without Electron and Python: `node scripts/release/packed-size.ts` packs it around a stand-in runtime and prints
// {"appBytes": ..., "llamaBytes": ...} as its last line; llama.cpp's library is counted apart.
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packDesktop } from './pack-desktop.ts';

async function bytesOf(folder: string): Promise<{ appBytes: number; llamaBytes: number }> {
  const bytes = { appBytes: 0, llamaBytes: 0 };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { size } = await stat(path.join(entry.parentPath, entry.name));
    if (entry.parentPath.includes('@node-llama-cpp')) bytes.llamaBytes += size;
    else bytes.appBytes += size;
  }
  return bytes;
}

const folder = await mkdtemp(path.join(tmpdir(), 'forge-packed-size-'));
try {
  const runtime = path.join(folder, 'runtime');
  await mkdir(path.join(runtime, 'resources'), { recursive: true });
  for (const name of ['electron', 'LICENSE', 'LICENSES.chromium.html', 'version'])
    await writeFile(path.join(runtime, name), 'a stand-in', { mode: 0o755 });
  await packDesktop({ out: path.join(folder, 'out'), runtime, burnsFuses: false });
  const unpacked = path.join(folder, 'out', `${process.platform === 'win32' ? 'win' : 'linux'}-unpacked`, 'resources');
  process.stdout.write(`${JSON.stringify(await bytesOf(unpacked))}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
