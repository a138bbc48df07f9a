import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Logger } from '#core/ports/logger.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { oneByOne } from '../one-by-one.ts';

const queueFile = z.object({ v: z.literal(1), waiting: z.array(z.string().max(100)).max(10_000) });

/** `FORGE_HOME/queue.json`: the ids of the main jobs that wait, next one first. */
export interface QueueFile {
  /** Empty when there is none; one that cannot be read is logged and counts as empty, because each build says its own state. */
  load(): Promise<readonly string[]>;
  save(waiting: readonly string[]): Promise<void>;
}

export function createQueueFile(home: string, logger: Logger): QueueFile {
  const file = path.join(home, 'queue.json');
  const inTurn = oneByOne();
  return {
    async load() {
      try {
        return queueFile.parse(JSON.parse(await readFile(file, 'utf8'))).waiting;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          logger.warn({ file, error: String(error) }, 'the queue of main jobs could not be read');
        return [];
      }
    },
    save: (waiting) => inTurn(() => writeJsonAtomic(file, { v: 1, waiting })),
  };
}
