import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentStages, stageStamp, type StageStamp } from '#contract/environments.ts';
import { writeJsonAtomic } from '../files/write-file-atomic.ts';

const stampPath = (directory: string, stage: string): string => join(directory, 'stages', `${stage}.json`);

/** The readable stamps of an environment, in the order of the stages. */
export async function readStamps(directory: string): Promise<readonly StageStamp[]> {
  const stamps: StageStamp[] = [];
  for (const stage of environmentStages) {
    const text = await readFile(stampPath(directory, stage), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
    const stamp = text === null ? null : parseStamp(text);
    if (stamp !== null) stamps.push(stamp);
  }
  return stamps;
}

function parseStamp(text: string): StageStamp | null {
  try {
    return stageStamp.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // A stamp that cannot be read proves nothing: its stage runs again.
    return null;
  }
}

export async function writeStamp(directory: string, stamp: StageStamp): Promise<void> {
  await mkdir(join(directory, 'stages'), { recursive: true });
  await writeJsonAtomic(stampPath(directory, stamp.stage), stamp);
}
