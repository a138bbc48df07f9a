import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of everything below a folder, links not followed; 0 when it is not there. Files that vanish while counting are left out. */
export async function directoryBytes(directory: string): Promise<number> {
  let entries: string[];
  try {
    entries = await readdir(directory, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  let bytes = 0;
  for (const entry of entries) {
    try {
      const facts = await lstat(path.join(directory, entry));
      if (facts.isFile()) bytes += facts.size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return bytes;
}
