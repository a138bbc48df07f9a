import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { attemptDirectory, attemptFiles } from './run-directory.ts';
import { differsFrom, isInside } from './verify-artefacts.ts';

const maximumManifestBytes = 4 * 1_048_576;

const manifest = z.object({
  v: z.literal(1),
  step: z.number().int().nonnegative(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() })),
});

/**
 * The checkpoint to go on from: of the latest attempt that has a valid one, the one with the highest step. A folder whose
 * manifest is missing, or whose files differ from it, is passed over.
 */
export async function findNewestCheckpoint(home: string, jobId: string, lastAttempt: number): Promise<string | null> {
  for (let attempt = lastAttempt; attempt >= 1; attempt -= 1) {
    const folder = join(attemptDirectory(home, jobId, attempt), attemptFiles.checkpoints);
    for (const name of await stepsDescending(folder)) {
      const checkpoint = join(folder, name);
      if (await isValidCheckpoint(checkpoint)) return checkpoint;
    }
  }
  return null;
}

async function stepsDescending(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^\d{8,}$/.test(name)).toSorted((one, other) => Number(other) - Number(one));
}

/** True when manifest.json is there and every file it names has the size and digest it says. */
export async function isValidCheckpoint(folder: string): Promise<boolean> {
  const read = await readManifest(join(folder, 'manifest.json'));
  if (read === null) return false;
  for (const file of read.files) {
    const path = resolve(folder, file.path);
    if (!isInside(path, folder) || (await differsFrom(path, file)) !== null) return false;
  }
  return true;
}

async function readManifest(path: string): Promise<z.infer<typeof manifest> | null> {
  try {
    if ((await stat(path)).size > maximumManifestBytes) return null;
    return manifest.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Absent, half-written or foreign: in every case this folder is not a checkpoint.
    return null;
  }
}
