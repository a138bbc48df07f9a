import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { dataExportRequest, type DataExportReport, type DataExportRequest } from '#contract/data-exports.ts';
import type { DatasetVersion, SplitChoice } from '#contract/dataset-versions.ts';
import { dataCard } from '#core/foundry/exports/data-card.ts';
import { encodeRow } from '#core/foundry/exports/encode-row.ts';
import { fileOf, kindColumns, splitOf } from '#core/foundry/exports/export-files.ts';
import { canCarry, cannotCarry } from '#core/foundry/exports/format-limits.ts';
import { countFeatures, noFeatures, type FeatureCounts } from '#core/foundry/exports/row-features.ts';
import { createRowOrigins, type RowOrigins } from '#core/foundry/exports/row-origins.ts';
import { trainerFiles } from '#core/foundry/exports/trainer-files.ts';
import { openRecordFile, type RecordFile } from '#native-bridge/datasets/writing/record-files.ts';
import { chooseTarget, placeFolder, type SourceFile } from '#native-bridge/files/place-export.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import { writeFileAtomic } from '#native-bridge/files/write-file-atomic.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { placedBefore, rememberPlacing, type FinishedExport } from './placed-export.ts';

interface OpenFile {
  readonly file: RecordFile;
  rows: number;
}

interface Written {
  readonly features: FeatureCounts;
  readonly files: ReadonlyMap<string, OpenFile>;
  readonly written: number;
  readonly origins: RowOrigins;
}

interface Export {
  readonly request: DataExportRequest;
  readonly version: DatasetVersion;
  readonly split: SplitChoice | null;
  readonly context: WorkContext;
  /** Where the files are made; null for a check. */
  readonly folder: string | null;
  readonly startMs: number;
}

function secondsSince(startMs: number): number {
  return Math.round(performance.now() - startMs) / 1000;
}

function tell({ context, version }: Export, done: number): void {
  context.report({ text: `${done} rows`, done, total: version.rows, rowsPerSecond: null, secondsLeft: null });
}

/** Goes once over the rows: counts what they hold and, but for a check, writes what the format can carry. */
async function overRows(work: Export): Promise<Written> {
  const { request, version, split, context, folder } = work;
  const [features, files, origins] = [noFeatures(), new Map<string, OpenFile>(), createRowOrigins()];
  let written = 0;
  const fileFor = async (row: Parameters<typeof encodeRow>[1]): Promise<OpenFile> => {
    const name = fileOf(request.format, row, split);
    const there = files.get(name);
    if (there !== undefined) return there;
    const file = await openRecordFile(path.join(folder ?? '', name), kindColumns[row.kind]);
    const opened = { file, rows: 0 };
    files.set(name, opened);
    return opened;
  };
  try {
    for await (const { rows } of context.store.rows(version)) {
      for (const row of rows) {
        countFeatures(features, row);
        if (!canCarry(request.format, row)) continue;
        written += 1;
        origins.add(row);
        if (folder === null) continue;
        const open = await fileFor(row);
        open.file.add(encodeRow(request.format, row));
        open.rows += 1;
      }
      tell(work, features.rows);
      await context.breathe();
    }
    for (const { file } of files.values()) await file.finish();
  } catch (error) {
    for (const { file } of files.values()) file.abandon();
    throw error;
  }
  return { features, files, written, origins };
}

async function sourceFile(file: string, signal: AbortSignal): Promise<SourceFile> {
  return { path: file, bytes: (await stat(file)).size, sha256: await hashFile(file, signal) };
}

/** Files of the trainer and the card, and with them the report of an export that stands. */
async function finishFiles(
  work: Export,
  target: string,
  { features, files, origins, written }: Written,
): Promise<FinishedExport> {
  const { request, version, split, context, startMs } = work;
  const folder = work.folder ?? '';
  const names = [...files.keys()].toSorted();
  const losses = cannotCarry(request.format, features);
  const counted = names.map((name) => ({ path: name, rows: files.get(name)?.rows ?? 0 }));
  const card = dataCard({ version, format: request.format, files: counted, losses, split, origins });
  const beside = [...trainerFiles(request.format, version.name, names), { name: 'README.md', text: card }];
  for (const { name, text } of beside) await writeFileAtomic(path.join(folder, name), text);
  const sources: SourceFile[] = [];
  for (const name of [...names, ...beside.map((file) => file.name)])
    sources.push(await sourceFile(path.join(folder, name), context.signal));
  const report: DataExportReport = {
    ...{ name: version.name, version: version.version, format: request.format, folder: target },
    ...{ rows: features.rows, written, losses, seconds: secondsSince(startMs) },
    files: sources.map(({ path: file, bytes }) => {
      const name = path.basename(file);
      return { path: name, rows: files.get(name)?.rows ?? null, sizeBytes: bytes };
    }),
  };
  return { report, digests: sources.map(({ sha256 }) => sha256), sources };
}

/**
 * A version as files for another trainer; told beforehand (`check`) what the format cannot carry. Whole or not at all; a pause or kill begins it anew, since
 * 100,000 rows take a second or two. Only an export that was just being put into its place is looked for there first.
 * @throws ForgeError export.target-*, foundry.*
 */
export const exportWork: FoundryWork = async (given, context) => {
  const startMs = performance.now();
  const request = dataExportRequest.parse(given);
  const placed = await placedBefore(context.folder);
  if (placed !== null) return placed;
  const version = await context.store.read(request);
  const isCheck = request.mode === 'check';
  const name = `${version.name}-v${version.version}-${request.format}`;
  const target = isCheck
    ? null
    : await chooseTarget(request.to, { name, kind: 'folder', overwrite: request.overwrite });
  const folder = isCheck ? null : path.join(context.folder, 'files');
  if (folder !== null) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }
  const split = splitOf(request.format, request.split ?? version.recipe.split);
  const work = { request, version, split, context, folder, startMs };
  const done = await overRows(work);
  if (target !== null) {
    const finished = await finishFiles(work, target, done);
    await rememberPlacing(context.folder, finished);
    const { overwrite } = request;
    await placeFolder(finished.sources, target, { overwrite, signal: context.signal, report: () => undefined });
    return finished.report;
  }
  const report: DataExportReport = {
    ...{ name: version.name, version: version.version, format: request.format, folder: null, files: [] },
    ...{ rows: done.features.rows, written: done.written, losses: cannotCarry(request.format, done.features) },
    seconds: secondsSince(startMs),
  };
  return report;
};
