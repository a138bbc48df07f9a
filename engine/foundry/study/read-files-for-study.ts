import path from 'node:path';
import type { DatasetVersion, ImportRequest } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { readLineBatches, rowOfLine } from '#native-bridge/datasets/store/row-lines.ts';
import { openOutput, outputFiles } from '../import/import-output.ts';
import { createImportPace } from '../import/import-pace.ts';
import { planOf } from '../import/import-plan.ts';
import { readState } from '../import/import-state.ts';
import { readFiles, type Reading } from '../import/read-files.ts';
import type { WorkContext } from '../work-context.ts';

/** Where rows come from, and what is known of them beforehand. */
export interface StudiedRows {
  readonly open: () => AsyncIterable<readonly CanonicalRow[]>;
  readonly rows: number;
  readonly rejected: number;
  readonly version: DatasetVersion | null;
  readonly name: string;
}

/** Reads files as an import would, into the job's own folder: the same rules and the same rejects, and no version at the end. @throws ForgeError dataset.* */
export async function readFilesForStudy(request: ImportRequest, context: WorkContext): Promise<StudiedRows> {
  const plan = await planOf(request, context.folder);
  const state = await readState(context.folder);
  const reading: Reading = {
    ...{ request, plan, state, context },
    ...{ output: openOutput(context.folder, state), pace: createImportPace(state) },
  };
  try {
    await readFiles(reading);
  } finally {
    reading.output.close();
  }
  const file = path.join(context.folder, outputFiles.rows);
  return {
    async *open() {
      for await (const lines of readLineBatches(file)) yield lines.map(({ bytes }) => rowOfLine(bytes));
    },
    ...{ rows: state.rows, rejected: state.rejected, version: null, name: request.name },
  };
}
