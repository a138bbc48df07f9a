import { open } from 'node:fs/promises';

/** At most `limit` bytes from `offset`; empty behind the end and when there is no such file. */
export async function readFilePage(path: string, offset: number, limit: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return new Uint8Array();
  try {
    const bytes = new Uint8Array(limit);
    const { bytesRead } = await file.read(bytes, 0, limit, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
