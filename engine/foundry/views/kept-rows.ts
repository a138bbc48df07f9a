import path from 'node:path';
import { z } from 'zod';
import { stepOutcome, type StepOutcome } from '#contract/dataset-versions.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { readKept } from './view-files.ts';

/** What the steps of a freeze kept. */
export interface KeptRows {
  readonly file: string;
  readonly rows: number;
  /** Rows that steps made equal to an earlier one. */
  readonly repeated: number;
  readonly outcomes: readonly StepOutcome[];
}

const shape = z.object({ rows: z.number(), repeated: z.number(), outcomes: z.array(stepOutcome) });
const checkpoint = (folder: string): string => path.join(folder, 'kept.json');

/** Where the kept rows of a job are written. */
export function keptRowsFile(folder: string): string {
  return path.join(folder, 'rows.kept');
}

/** The checkpoint of a freeze: its rows are filtered, reviewed and safe on the disk, which is most of its work. */
export async function rememberKept(folder: string, { rows, repeated, outcomes }: KeptRows): Promise<void> {
  await writeJsonAtomic(checkpoint(folder), { rows, repeated, outcomes });
}

/** What `rememberKept` wrote down before a pause or a kill; null where filtering has to begin anew. */
export async function keptBefore(folder: string): Promise<KeptRows | null> {
  const kept = await readKept(checkpoint(folder), (value) => shape.parse(value));
  return kept === null ? null : { file: keptRowsFile(folder), ...kept };
}
