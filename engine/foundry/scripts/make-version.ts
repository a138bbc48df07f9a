import path from 'node:path';
import type { DatasetVersion, ViewStep } from '#contract/dataset-versions.ts';
import type { ScriptCounts, ScriptRequest } from '#contract/scripts.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { buildIndex } from '#native-bridge/datasets/store/build-index.ts';
import { readLineBatches } from '#native-bridge/datasets/store/row-lines.ts';
import { findRepeats, rowMark, type PlaceSet } from '#native-bridge/datasets/store/row-marks.ts';
import type { WorkContext } from '../work-context.ts';
import { digestOf, type TransformedRow } from './transform-rows.ts';

const lineEnd = Buffer.from('\n');

/** Rows of a whole run on their way into a version: in order, with a mark each, so that rows that came out equal are found. */
export interface ScriptOutput {
  add(rows: readonly TransformedRow[]): void;
  close(): void;
  readonly rowsFile: string;
  readonly marksFile: string;
  readonly rows: () => number;
}

export function openScriptOutput(folder: string): ScriptOutput {
  const [rowsFile, marksFile] = [path.join(folder, 'rows.part'), path.join(folder, 'marks.part')];
  // A run that was interrupted starts again: a script may remember rows, so only the whole run from the first row is the same.
  const [lines, marks] = [new AppendFile(rowsFile, 0), new AppendFile(marksFile, 0)];
  let count = 0;
  return {
    ...{ rowsFile, marksFile, rows: () => count },
    add(rows) {
      for (const row of rows.flatMap(({ after }) => after)) {
        lines.append(Buffer.from(`${JSON.stringify(row)}\n`));
        marks.append(rowMark(row.id, null));
        count += 1;
      }
    },
    close() {
      lines.close();
      marks.close();
    },
  };
}

/** The rows without those that came out equal to an earlier one; the file itself where there are none. */
async function withoutRepeats(output: ScriptOutput, merged: PlaceSet, context: WorkContext): Promise<string> {
  if (merged.count === 0) return output.rowsFile;
  const final = path.join(context.folder, 'rows.final');
  const file = new AppendFile(final, 0);
  let place = 0;
  try {
    for await (const lines of readLineBatches(output.rowsFile)) {
      for (const { bytes } of lines) {
        // The bytes hold until the next batch only.
        if (!merged.has(place)) file.append(Buffer.concat([bytes, lineEnd]));
        place += 1;
      }
      await context.breathe();
    }
  } finally {
    file.close();
  }
  return final;
}

interface MadeVersion {
  /** Null where no row was left. */
  readonly version: DatasetVersion | null;
  readonly rows: number;
  readonly merged: number;
}

export interface VersionParts {
  readonly request: ScriptRequest;
  readonly parent: DatasetVersion;
  readonly output: ScriptOutput;
  readonly counts: ScriptCounts;
  readonly context: WorkContext;
}

/** No row may get lost on the way: what came out is what went in, less what was dropped, and what was added. */
function requireBalance({ counts, parent, output }: VersionParts): void {
  const { seen, unchanged, changed, dropped, added } = counts;
  if (seen !== parent.rows || seen !== unchanged + changed + dropped || output.rows() !== seen - dropped + added)
    throw new Error(
      `rows of a script do not add up: ${JSON.stringify({ ...counts, rows: parent.rows, out: output.rows() })}`,
    );
}

/** The script as a step of a recipe: what is as usual is left out, so that the same script gives the same step. */
function stepOf({ script, source, seed, allow }: ScriptRequest): Extract<ViewStep, { kind: 'script' }> {
  const isUsual = !allow.clock && !allow.random;
  return {
    ...{ kind: 'script', script, digest: digestOf(source) },
    ...(seed !== 0 && { seed }),
    ...(!isUsual && { allow }),
  };
}

/** An immutable version of what a script made, with the script's digest in its recipe. */
export async function makeScriptVersion(parts: VersionParts): Promise<MadeVersion> {
  requireBalance(parts);
  const { request, parent, output, context } = parts;
  if (output.rows() === 0) return { version: null, rows: 0, merged: 0 };
  const { merged } = await findRepeats(output.marksFile, output.rows(), { pause: context.breathe });
  const rowsFile = await withoutRepeats(output, merged, context);
  const indexFile = path.join(context.folder, 'index.db');
  const bySource = new Map<string, number>();
  const facts = await buildIndex({
    ...{ rowsFile, indexFile, texts: context.texts, step: () => context.breathe() },
    onRow: ({ source }) => void bySource.set(source.uri, (bySource.get(source.uri) ?? 0) + 1),
  });
  const step = stepOf(request);
  const version = await context.store.commit({
    ...{ folder: context.folder, rowsFile, digest: facts.digest, rejectsFile: null, indexFile },
    about: {
      ...{ name: request.as ?? parent.name, parent: { name: parent.name, version: parent.version } },
      recipe: { import: null, steps: [step], split: null },
      ...{ rows: facts.rows, kinds: facts.kinds, sizeBytes: facts.sizeBytes },
      ...{ seen: output.rows(), rejected: 0, merged: merged.count },
      sources: parent.sources.map((source) => ({ ...source, rows: bySource.get(source.uri) ?? 0 })),
      warnings: [],
    },
  });
  return { version, rows: facts.rows, merged: merged.count };
}
