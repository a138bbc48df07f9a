import path from 'node:path';
import { rejectEntry, type RejectEntry } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { markBytes, rowMark } from '#native-bridge/datasets/store/row-marks.ts';
import type { ImportState } from './import-state.ts';

export const outputFiles = { rows: 'rows.part', rejects: 'rejects.part', marks: 'marks.part' } as const;

/** The three files an import writes while it reads: rows, rejects, and a mark for every row (for finding repeats). */
export interface ImportOutput {
  addRow(row: CanonicalRow, givenHash: string | null): void;
  addReject(entry: RejectEntry): void;
  /** Lengths so far; with what `sync` makes safe. */
  lengths(): { rowsBytes: number; rejectsBytes: number };
  sync(): Promise<void>;
  close(): void;
}

/** Opens the files as they were at the checkpoint: what was written behind it is cut off and made again. */
export function openOutput(folder: string, state: ImportState): ImportOutput {
  const open = (name: string, length: number): AppendFile => new AppendFile(path.join(folder, name), length);
  const rows = open(outputFiles.rows, state.rowsBytes);
  const rejects = open(outputFiles.rejects, state.rejectsBytes);
  const marks = open(outputFiles.marks, state.rows * markBytes);
  const all = [rows, rejects, marks];
  return {
    addRow(row, givenHash) {
      rows.appendText(`${JSON.stringify(row)}\n`);
      marks.append(rowMark(row.id, givenHash));
    },
    addReject(entry) {
      rejects.appendText(`${JSON.stringify(rejectEntry.parse(entry))}\n`);
    },
    lengths: () => ({ rowsBytes: rows.length, rejectsBytes: rejects.length }),
    async sync() {
      await Promise.all(all.map((file) => file.sync()));
    },
    close() {
      for (const file of all) file.close();
    },
  };
}
