import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The last bytes of a file as text; "" when there is no such file. */
export function readFileTail(path: string, maximumBytes: number): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, maximumBytes));
    const count = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, count).toString('utf8');
  } finally {
    closeSync(file);
  }
}
