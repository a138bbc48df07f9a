import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface WriteOptions {
  /** Permission bits of a new file, before the process's umask. Default 0o666. */
  readonly mode?: number;
}

/**
 * Writes a file so that after a crash or power loss the path holds the old content or the new, never a mixture:
 * a temp file beside it, fsync, rename, fsync of the folder.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { mode = 0o666 }: WriteOptions = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // A failed write names no file by itself, and people want to know which one a full disk hit.
    if (error instanceof Error && !('path' in error)) Object.assign(error, { path });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** As `writeFileAtomic`, the value as JSON with a newline at the end. */
export async function writeJsonAtomic(path: string, value: unknown, options: WriteOptions = {}): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, options);
}

/** Makes what was renamed or removed in a folder outlive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its rename is durable once the file is.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
