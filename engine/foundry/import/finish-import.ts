import { rename } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetVersion, ImportReport } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import { reasonsInWords } from '#core/datasets/reject-ledger.ts';
import type { VersionDraft, VersionStore } from '#core/foundry/version-store.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { buildIndex } from '#native-bridge/datasets/store/build-index.ts';
import { readLineBatches, rowOfLine } from '#native-bridge/datasets/store/row-lines.ts';
import { findRepeats, type PlaceSet, type Repeats } from '#native-bridge/datasets/store/row-marks.ts';
import { rejectsFileName, versionFolder } from '#native-bridge/datasets/store/store-places.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import { outputFiles } from './import-output.ts';
import { readingShare } from './import-pace.ts';
import type { FinishedSource } from './import-state.ts';
import type { Reading } from './read-files.ts';

/** The row with the flag that another row of other content has its id (D-4: both are kept). */
function flagged(bytes: Buffer): Buffer {
  const row = rowOfLine(bytes);
  row.flags.push({ check: 'import', code: 'DUP_ID' });
  return Buffer.from(JSON.stringify(row));
}

const lineEnd = Buffer.from('\n');

function keptBytes(bytes: Buffer, place: number, { merged, sharedIds }: Repeats): Buffer | null {
  if (merged.has(place)) return null;
  return sharedIds.has(place) ? flagged(bytes) : bytes;
}

/** Rows without repeats, in a file of their own; the file itself where there are none. */
async function withoutRepeats({ context }: Reading, repeats: Repeats): Promise<string> {
  const part = path.join(context.folder, outputFiles.rows);
  if (repeats.merged.count === 0 && repeats.sharedIds.count === 0) return part;
  const final = path.join(context.folder, 'rows.final');
  const output = new AppendFile(final, 0);
  let place = 0;
  try {
    for await (const lines of readLineBatches(part)) {
      for (const { bytes } of lines) {
        const kept = keptBytes(bytes, place, repeats);
        if (kept !== null) output.append(kept);
        if (kept !== null) output.append(lineEnd);
        place += 1;
      }
      await context.breathe();
    }
  } finally {
    output.close();
  }
  return final;
}

async function countLines(file: string): Promise<number> {
  let count = 0;
  for await (const lines of readLineBatches(file)) count += lines.length;
  return count;
}

/** Rows that a source gave and that were not merged into earlier ones. */
function keptRows({ firstRow, endRow }: FinishedSource, merged: PlaceSet): number {
  let kept = 0;
  for (let place = firstRow; place < endRow; place += 1) if (!merged.has(place)) kept += 1;
  return kept;
}

function warningsOf({ plan, state }: Reading, sharedIds: number): string[] {
  const { flags, formats, reasons, teachers, rejected, seen } = state;
  const flag = (code: string): number => flags[code] ?? 0;
  const conditions: [boolean, () => string][] = [
    [rejected > 0, () => say('dataset.rejected', { rejected, seen, reasons: reasonsInWords(reasons) })],
    [flag('FALLBACK_ENCODING') > 0, () => say('dataset.fallback-records', { count: flag('FALLBACK_ENCODING') })],
    [flag('REPLACED_CHARACTER') > 0, () => say('dataset.replaced-records', { count: flag('REPLACED_CHARACTER') })],
    [flag('NUL_REMOVED') > 0, () => say('dataset.nul-records', { count: flag('NUL_REMOVED') })],
    [flag('DUP_KEY') > 0, () => say('dataset.repeated-keys', { count: flag('DUP_KEY') })],
    [sharedIds > 0, () => say('dataset.repeated-ids', { count: sharedIds })],
    [Object.keys(formats).length > 1, () => say('dataset.mixed-shapes', { count: Object.keys(formats).length })],
  ];
  const review = Object.entries(teachers).map(([teacher, count]) => say('dataset.under-review', { count, teacher }));
  const said = conditions.flatMap(([applies, sentence]) => (applies ? [sentence()] : []));
  return [...plan.warnings, ...state.warnings, ...said, ...review.slice(0, 5)];
}

/** D-3, counted again from the files themselves. @throws ForgeError foundry.unbalanced */
function requireBalance(counts: { seen: number; accepted: number; rejected: number; merged: number }): void {
  const { seen, accepted, rejected, merged } = counts;
  if (seen !== accepted + rejected + merged) throw new ForgeError('foundry.unbalanced', counts);
}

interface Finished {
  readonly version: DatasetVersion | null;
  readonly rejectsPath: string | null;
  readonly merged: number;
  readonly accepted: number;
  readonly warnings: readonly string[];
}

/** An import that gave the same rows and rejects before: the same files are the same version, however often they are imported. */
async function sameImport(store: VersionStore, draft: VersionDraft): Promise<DatasetVersion | null> {
  const { name } = draft.about;
  const rejects = draft.rejectsFile === null ? null : await hashFile(draft.rejectsFile);
  const own = (await store.list()).filter((version) => version.name === name && version.parent === null);
  return own.find(({ digest, files }) => digest === draft.digest && files.rejects === rejects) ?? null;
}

/** No version is made of nothing; its rejects stay beside the job. */
async function finishEmpty(reading: Reading): Promise<Finished> {
  const { state, context } = reading;
  const rejectsPath = state.rejected === 0 ? null : path.join(context.folder, '..', rejectsFileName);
  if (rejectsPath !== null) await rename(path.join(context.folder, outputFiles.rejects), rejectsPath);
  return { version: null, rejectsPath, merged: 0, accepted: 0, warnings: warningsOf(reading, 0) };
}

/** Finds repeats, counts again, makes the index, and the version of it. Starts over when it is interrupted: reading is what takes long. */
async function makeVersion(reading: Reading): Promise<Finished> {
  const { state, context, request, plan } = reading;
  const { folder } = context;
  const repeats = await findRepeats(path.join(folder, outputFiles.marks), state.rows, { pause: context.breathe });
  const rowsFile = await withoutRepeats(reading, repeats);
  const total = plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const indexFile = path.join(folder, 'index.db');
  const { digest, rows, sizeBytes, kinds } = await buildIndex({
    ...{ rowsFile, indexFile, texts: context.texts },
    async step(count) {
      const share = readingShare + (1 - readingShare) * Math.min(1, count / Math.max(1, state.rows));
      const text = say('dataset.import-listing', { count });
      context.report({ text, done: Math.round(total * share), total, rowsPerSecond: null, secondsLeft: null });
      await context.breathe();
    },
  });
  const rejectsFile = state.rejected === 0 ? null : path.join(folder, outputFiles.rejects);
  const rejected = rejectsFile === null ? 0 : await countLines(rejectsFile);
  const merged = repeats.merged.count;
  requireBalance({ seen: state.seen, accepted: rows, rejected, merged });
  const warnings = warningsOf(reading, repeats.sharedIds.count);
  const sources = state.sources.map((source) => ({
    ...{ uri: source.uri, sha256: source.sha256, sizeBytes: source.sizeBytes },
    ...{ rows: keptRows(source, repeats.merged), licence: request.licence },
  }));
  const recipe = { import: request, steps: [], split: null };
  const about = {
    name: request.name,
    parent: null,
    recipe,
    rows,
    kinds,
    seen: state.seen,
    rejected,
    merged,
    sizeBytes,
  };
  const draft = { folder, rowsFile, digest, rejectsFile, indexFile, about: { ...about, sources, warnings } };
  const version = (await sameImport(context.store, draft)) ?? (await context.store.commit(draft));
  const own = versionFolder(context.folders, version);
  const rejectsPath = rejectsFile === null ? null : path.join(own, rejectsFileName);
  return { version, rejectsPath, merged, accepted: rows, warnings };
}

/** The end of an import: the version, and what `forge data import --json` prints. @throws ForgeError, WorkStopped */
export async function finishImport(reading: Reading): Promise<ImportReport> {
  const { state, request, pace } = reading;
  const isEmpty = state.rows === 0;
  const { version, rejectsPath, merged, accepted, warnings } = await (isEmpty ? finishEmpty : makeVersion)(reading);
  const { workedMs, peakBytes } = pace.worked();
  const text = say('dataset.import-done', { accepted, rejected: state.rejected, merged });
  reading.context.report({ text, done: 1, total: 1, rowsPerSecond: null, secondsLeft: null });
  return {
    name: request.name,
    version: version?.version ?? null,
    digest: version?.digest ?? null,
    ...{ seen: state.seen, accepted, rejected: state.rejected, merged, rejectsPath },
    seconds: Math.round(workedMs) / 1000,
    peakBytes,
    warnings: [...warnings],
  };
}
