import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, and resolves with the topmost it made, null when all were there. Node's recursive `mkdir` never
 * comes back where the system says "not there" about a place whose parent is there, as /proc does (tried with Node 24), so each is made by itself.
 * @param mode of the folders that are made, as for chmod
 */
export async function makeFolders(folder: string, mode?: number): Promise<string | null> {
  const parent = dirname(folder);
  const above = parent === folder || (await isFolder(parent)) ? null : await makeFolders(parent, mode);
  try {
    await mkdir(folder, { mode });
    return above ?? folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (await isFolder(folder))) return above;
    throw error;
  }
}

async function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
