import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { foundryJob } from '#contract/dataset-versions.ts';
import type { Logger } from '#core/ports/logger.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

/** A job as it is kept: what it is, and what was asked for. */
const keptJob = z.object({ job: foundryJob, request: z.unknown() });
export type KeptJob = z.infer<typeof keptJob>;

/** Jobs on the disk: `FORGE_HOME/foundry/<id>/job.json`, and `work/` while they are not over. */
export interface JobFiles {
  workFolder(id: string): string;
  save(kept: KeptJob): Promise<void>;
  /** All there are, oldest first; what cannot be read is left alone and logged. */
  load(): Promise<KeptJob[]>;
  /** Puts the files of the work away; they are deleted meanwhile. */
  clear(id: string): Promise<void>;
  /** Deletes the files of the work and waits for it, because their room is needed. */
  makeRoom(id: string): Promise<void>;
  forget(id: string): Promise<void>;
}

export function createJobFiles(folder: string, logger: Logger): JobFiles {
  const own = (id: string): string => path.join(folder, id);
  const aside = path.join(folder, '.removed');
  /** Gone at once for everybody; deleting gigabytes is not waited for, and what a crash leaves of them goes at the next start. */
  const putAside = async (place: string): Promise<void> => {
    await mkdir(aside, { recursive: true });
    const moved = path.join(aside, randomBytes(6).toString('hex'));
    try {
      await rename(place, moved);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    void rm(moved, { recursive: true, force: true }).catch((error: unknown) =>
      logger.warn({ place, reason: String(error) }, 'files of a job could not be deleted'),
    );
  };
  return {
    workFolder: (id) => path.join(own(id), 'work'),
    async save(kept) {
      await mkdir(path.join(own(kept.job.id), 'work'), { recursive: true });
      await writeJsonAtomic(path.join(own(kept.job.id), 'job.json'), kept);
    },
    async load() {
      await rm(aside, { recursive: true, force: true });
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const kept = await Promise.all(names.map((name) => readJob(path.join(folder, name, 'job.json'), logger)));
      return kept.filter((job) => job !== null).toSorted((a, b) => a.job.startedAt - b.job.startedAt);
    },
    makeRoom: (id) => rm(path.join(own(id), 'work'), { recursive: true, force: true }),
    clear: (id) => putAside(path.join(own(id), 'work')),
    forget: (id) => putAside(own(id)),
  };
}

async function readJob(file: string, logger: Logger): Promise<KeptJob | null> {
  try {
    return keptJob.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    logger.warn({ file, reason: String(error).slice(0, 300) }, 'a job of the foundry cannot be read');
    return null;
  }
}
