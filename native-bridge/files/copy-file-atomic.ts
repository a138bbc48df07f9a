import { constants, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Copies a file so that the target is either whole or absent: a copy beside it, fsync, rename. Shares blocks where the file system can. */
export async function copyFileAtomic(source: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const incoming = `${target}.incoming-${process.pid}`;
  try {
    await copyFile(source, incoming, constants.COPYFILE_FICLONE);
    const handle = await open(incoming, 'r+');
    await handle.sync();
    await handle.close();
    await rename(incoming, target);
  } catch (error) {
    await rm(incoming, { force: true });
    throw error;
  }
}
