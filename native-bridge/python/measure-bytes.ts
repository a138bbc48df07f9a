import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Sum of file sizes below a folder; links count as themselves, a file with several names counts once. */
export async function measureBytes(root: string): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  const pending = [root];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const entry of entries) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) pending.push(child);
      else if (entry.isFile()) {
        const { size, ino, dev, nlink } = await lstat(child);
        const key = `${dev}:${ino}`;
        if (nlink === 1 || !seen.has(key)) bytes += size;
        if (nlink > 1) seen.add(key);
      }
    }
  }
  return bytes;
}
