import path from 'node:path';
import { mkdir, rename } from 'node:fs/promises';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { versionFolder } from '#native-bridge/datasets/store/store-places.ts';
import type { WorkContext } from '../work-context.ts';

/** The list of rows that a check is about: JSON Lines, `id` and what was found, under `datasets/<name>/v<n>/checks/`. */
export interface ConcernedRows {
  add(row: Readonly<Record<string, unknown>> & { readonly id: string }): void;
  /** Puts the list into its place, over the one of an earlier check of the kind; gives its path. */
  finish(): Promise<string>;
  close(): void;
}

export function openConcernedRows(context: WorkContext, version: DatasetVersion, check: string): ConcernedRows {
  const half = path.join(context.folder, `${check}.jsonl`);
  const output = new AppendFile(half, 0);
  let isOpen = true;
  const close = (): void => {
    if (isOpen) output.close();
    isOpen = false;
  };
  return {
    add: (row) => output.append(Buffer.from(`${JSON.stringify(row)}\n`)),
    async finish() {
      await output.sync();
      close();
      const file = path.join(versionFolder(context.folders, version), 'checks', `${check}.jsonl`);
      await mkdir(path.dirname(file), { recursive: true });
      await rename(half, file);
      return file;
    },
    close,
  };
}
