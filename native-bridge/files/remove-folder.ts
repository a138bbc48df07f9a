import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Removes a file or folder so that nobody meets it half removed: it is moved aside at once, then deleted. What a crash leaves of it lies in `aside`.
 * Nothing happens where it is gone already.
 * @param aside a folder on the same disk whose contents may be deleted at any time
 */
export async function removeFolder(place: string, aside: string): Promise<void> {
  await mkdir(aside, { recursive: true });
  const moved = path.join(aside, `removed-${randomBytes(6).toString('hex')}`);
  try {
    await rename(place, moved);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    // Another disk (a folder that is a mount): then it goes piece by piece.
    if (code !== 'EXDEV') throw error;
    await rm(place, { recursive: true, force: true });
    return;
  }
  await rm(moved, { recursive: true, force: true });
}
