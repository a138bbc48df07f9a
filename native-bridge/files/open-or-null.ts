import { openSync } from 'node:fs';

/** A file opened for reading, or null where it is not there yet. */
export function openOrNull(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
