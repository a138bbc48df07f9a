import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

const position = z.object({
  byteOffset: z.number(),
  line: z.number(),
  records: z.number(),
  inArray: z.boolean().optional(),
  isEnd: z.boolean().optional(),
});

const finishedSource = z.object({
  uri: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  /** Places of its rows: [firstRow, endRow). */
  firstRow: z.number(),
  endRow: z.number(),
});
export type FinishedSource = z.infer<typeof finishedSource>;

const counts = z.record(z.string(), z.number());

/** Everything an import needs to go on from here: where it reads, how long its files are, what it counted. */
export const importState = z.object({
  /** Index of the file that is read. */
  file: z.number(),
  position: position.nullable(),
  seen: z.number(),
  /** Rows written, repeats included. */
  rows: z.number(),
  rejected: z.number(),
  rowsBytes: z.number(),
  rejectsBytes: z.number(),
  sources: z.array(finishedSource),
  /** First row of the file that is read. */
  firstRow: z.number(),
  flags: counts,
  formats: counts,
  reasons: counts,
  teachers: counts,
  warnings: z.array(z.string()),
  /** Bytes of files that were read to their end. */
  bytesBefore: z.number(),
  workedMs: z.number(),
  peakBytes: z.number(),
});
export type ImportState = z.infer<typeof importState>;

const stateFile = 'checkpoint.json';

export function newState(): ImportState {
  return {
    ...{ file: 0, position: null, seen: 0, rows: 0, rejected: 0, rowsBytes: 0, rejectsBytes: 0 },
    ...{ sources: [], firstRow: 0, flags: {}, formats: {}, reasons: {}, teachers: {}, warnings: [] },
    ...{ bytesBefore: 0, workedMs: 0, peakBytes: 0 },
  };
}

export async function readState(folder: string): Promise<ImportState> {
  const text = await readFile(path.join(folder, stateFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? newState() : importState.parse(JSON.parse(text));
}

export async function writeState(folder: string, state: ImportState): Promise<void> {
  await writeJsonAtomic(path.join(folder, stateFile), state);
}

export function countUp(into: Record<string, number>, key: string, by = 1): void {
  into[key] = (into[key] ?? 0) + by;
}
