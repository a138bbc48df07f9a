import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { changeKinds, versionPair, type DiffReport } from '#contract/dataset-diffs.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { createDiffColumns, idAt, sideAt, sourceKeyOf, type DiffColumns } from '#core/foundry/split/diff-columns.ts';
import {
  diffVersions,
  type PlacedChange,
  type RowChangeKind,
  type VersionDiff,
} from '#core/foundry/split/diff-versions.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { createRowPace, type RowPace } from '../views/row-pace.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { diffFolder, diffPlacesName, diffReportName, diffRowsName, noPlace, recordBytes } from './diff-files.ts';

interface Compared {
  readonly before: DiffColumns;
  readonly after: DiffColumns;
}

/** The rows of a version as columns. @param done rows that were read before */
async function readColumns(
  { store }: WorkContext,
  version: DatasetVersion,
  { hasOneSource, pace, done }: { hasOneSource: boolean; pace: RowPace; done: number },
): Promise<DiffColumns> {
  const columns = createDiffColumns(version.rows);
  let read = 0;
  for await (const { rows } of store.rows(version)) {
    for (const row of rows) {
      columns.add({ id: row.id, sourceKey: sourceKeyOf(row, hasOneSource), side: row.side ?? null });
      read += 1;
      await pace.rowDone(done + read);
    }
  }
  return columns.finish();
}

/** Everything that is not the same, kind after kind, in both of its forms. */
async function writeChanges(
  folder: string,
  { before, after, diff, pace }: Compared & { readonly diff: VersionDiff; readonly pace: RowPace },
): Promise<void> {
  const rows = new AppendFile(path.join(folder, diffRowsName), 0);
  const places = new AppendFile(path.join(folder, diffPlacesName), 0);
  const record = Buffer.alloc(recordBytes);
  const put = (kind: RowChangeKind, change: PlacedChange): void => {
    record.writeUInt32LE(change.before < 0 ? noPlace : change.before, 0);
    record.writeUInt32LE(change.after < 0 ? noPlace : change.after, 4);
    record[8] = before.sides[change.before] ?? 0;
    record[9] = after.sides[change.after] ?? 0;
    places.append(record);
    rows.appendText(`${JSON.stringify(lineOf(kind, change, { before, after }))}\n`);
  };
  try {
    let written = 0;
    for (const kind of changeKinds)
      for (const change of diff.changes(kind)) {
        put(kind, change);
        written += 1;
        if (written % 4_096 === 0) await pace.piece();
      }
    await rows.sync();
    await places.sync();
  } finally {
    rows.close();
    places.close();
  }
}

function lineOf(
  change: RowChangeKind,
  { before: earlier, after: later }: PlacedChange,
  { before, after }: Compared,
): object {
  if (change === 'added') return { change, id: idAt(after, later), to: sideAt(after, later) };
  if (change === 'removed') return { change, id: idAt(before, earlier), from: sideAt(before, earlier) };
  const sides = { from: sideAt(before, earlier), to: sideAt(after, later) };
  if (change === 'moved') return { change, id: idAt(after, later), ...sides };
  return { change, id: idAt(after, later), earlierId: idAt(before, earlier), ...sides };
}

async function compare(
  context: WorkContext,
  folder: string,
  [earlier, later]: readonly [DatasetVersion, DatasetVersion],
) {
  const hasOneSource = earlier.sources.length <= 1 && later.sources.length <= 1;
  const pace = createRowPace(context, earlier.rows + later.rows, (rows) => `${rows} rows compared`);
  const before = await readColumns(context, earlier, { hasOneSource, pace, done: 0 });
  const after = await readColumns(context, later, { hasOneSource, pace, done: earlier.rows });
  const steps = diffVersions(before, after);
  for (;;) {
    const step = steps.next();
    if (step.done !== true) {
      await pace.piece();
      continue;
    }
    await writeChanges(folder, { before, after, diff: step.value, pace });
    return { counts: step.value.counts, seconds: pace.seconds() };
  }
}

/** Two versions laid over each other. Changes neither; after a pause it starts over. */
export const diffWork: FoundryWork = async (given, context): Promise<DiffReport> => {
  const pair = versionPair.parse(given);
  const [earlier, later] = [await context.store.read(pair.before), await context.store.read(pair.after)];
  const half = path.join(context.folder, 'diff');
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  const { counts, seconds } = await compare(context, half, [earlier, later]);
  const folder = diffFolder(context.folders, pair);
  const report: DiffReport = {
    schema: 'forge.diff/1',
    before: { ...pair.before, rows: earlier.rows, digest: earlier.digest },
    after: { ...pair.after, rows: later.rows, digest: later.digest },
    ...counts,
    rowsPath: path.join(folder, diffRowsName),
    seconds,
    peakBytes: process.memoryUsage.rss(),
  };
  await writeJsonAtomic(path.join(half, diffReportName), report);
  await mkdir(path.dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(half, folder);
  return report;
};
