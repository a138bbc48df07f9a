// Size of the packed desktop app without Electron and Python: `node scripts/release/packed-size.ts` packs it around a stand-in runtime and prints
// {"appBytes": ..., "llamaBytes": ...} as its last line; llama.cpp's library is counted apart.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packAroundStandIn } from './stand-in-runtime.ts';

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
  process.stdout.write(`${JSON.stringify(await bytesOf(await packAroundStandIn(folder)))}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
