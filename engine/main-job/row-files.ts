import { readFile } from 'node:fs/promises';
import { datasetRow, type DatasetRow } from '#contract/datasets.ts';
import { writeFileAtomic } from '#native-bridge/files/write-file-atomic.ts';

/** Writes rows as `forge.row/1` JSON Lines. */
export async function writeRows(file: string, rows: readonly DatasetRow[]): Promise<void> {
  await writeFileAtomic(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** Reads rows back; a damaged line throws, because these files are Forge's own. */
export async function readRows(file: string): Promise<DatasetRow[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => datasetRow.parse(JSON.parse(line)));
}
