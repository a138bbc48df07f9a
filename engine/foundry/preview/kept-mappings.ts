import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fieldMapping, type FieldMapping } from '#contract/dataset-versions.ts';
import type { Logger } from '#core/ports/logger.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

/** Mappings that are remembered, the newest first. */
const mostMappings = 500;

const keptMapping = z.object({
  /** SHA-256 over the names of the columns, in their order. */
  header: z.string(),
  mapping: fieldMapping,
  savedAt: z.number(),
});
const keptFile = z.object({ v: z.literal(1), mappings: z.array(keptMapping) });
type KeptMapping = z.infer<typeof keptMapping>;

/** D-5: which column was what, by the header of the source; offered again when a file with the same header comes. */
export interface KeptMappings {
  /** The mapping that was used last for these columns; null when there was none. */
  find(columns: readonly string[]): Promise<Pick<KeptMapping, 'mapping' | 'savedAt'> | null>;
  keep(columns: readonly string[], mapping: FieldMapping): Promise<void>;
}

export interface KeptMappingsOptions {
  readonly file: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

function headerOf(columns: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex');
}

export function createKeptMappings({ file, nowMs, logger }: KeptMappingsOptions): KeptMappings {
  let last: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<readonly KeptMapping[]> => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return [];
    try {
      return keptFile.parse(JSON.parse(text)).mappings;
    } catch (error) {
      // What was remembered is a convenience: a damaged file is written anew.
      logger.warn({ file, reason: String(error) }, 'the kept mappings could not be read');
      return [];
    }
  };
  const write = async (columns: readonly string[], mapping: FieldMapping): Promise<void> => {
    const header = headerOf(columns);
    const others = (await read()).filter((one) => one.header !== header);
    const mappings = [{ header, mapping, savedAt: nowMs() }, ...others].slice(0, mostMappings);
    await writeJsonAtomic(file, { v: 1, mappings });
  };
  return {
    async find(columns) {
      const header = headerOf(columns);
      const found = columns.length === 0 ? undefined : (await read()).find((one) => one.header === header);
      return found === undefined ? null : { mapping: found.mapping, savedAt: found.savedAt };
    },
    keep(columns, mapping) {
      if (columns.length === 0) return Promise.resolve();
      const next = last.then(() => write(columns, mapping));
      last = next.catch(() => undefined);
      return next;
    },
  };
}
