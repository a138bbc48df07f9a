import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';

async function isThere(place: string): Promise<boolean> {
  return access(place).then(
    () => true,
    () => false,
  );
}

/**
 * Makes a folder and those above it that are missing. Node's recursive `mkdir` never comes back where the system says "not there" about a place whose
 * parent is there, as /proc does (tried with Node 24), so each is made by itself.
 * @param mode of the folders that are made, as for chmod
 */
export async function makeFolders(folder: string, mode?: number): Promise<void> {
  const parent = path.dirname(folder);
  if (parent !== folder && !(await isThere(parent))) await makeFolders(parent, mode);
  await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
    // What is there already may be a file; whoever writes below it is told.
    if (error.code !== 'EEXIST') throw error;
  });
}
