import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { dataExportReport, type DataExportReport } from '#contract/data-exports.ts';
import { removeLeftovers, type SourceFile } from '#native-bridge/files/place-export.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

/** Files that are whole and wait to be put into their place. */
export interface FinishedExport {
  readonly report: DataExportReport;
  /** SHA-256 of the files, in the order of the report. */
  readonly digests: readonly string[];
  readonly sources: readonly SourceFile[];
}

const placing = z.object({ report: dataExportReport, digests: z.array(z.string()) });
const placingFile = 'placing.json';

/** To be called right before the files are put into their place: a crash in between leaves it open whether they stand there. */
export async function rememberPlacing(folder: string, { report, digests }: FinishedExport): Promise<void> {
  await writeJsonAtomic(path.join(folder, placingFile), { report, digests });
}

async function stands({ report, digests }: z.infer<typeof placing>): Promise<boolean> {
  for (const [index, file] of report.files.entries()) {
    const found = await hashFile(path.join(report.folder ?? '', file.path)).catch(() => null);
    if (found !== digests[index]) return false;
  }
  return true;
}

/** The report of an export that stood in its place before the engine died; null where there is none, and then nothing half-made of it is left there. */
export async function placedBefore(folder: string): Promise<DataExportReport | null> {
  const text = await readFile(path.join(folder, placingFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const kept = placing.parse(JSON.parse(text));
  await removeLeftovers(kept.report.folder ?? '');
  return (await stands(kept)) ? kept.report : null;
}
