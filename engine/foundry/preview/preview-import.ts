import { createHash } from 'node:crypto';
import type { FieldMapping } from '#contract/dataset-versions.ts';
import type { ImportPreview, PreviewedRecord, PreviewRequest } from '#contract/import-preview.ts';
import type { CanonicalMessage, CanonicalRow } from '#contract/rows.ts';
import type { FilePreview, PreviewRecord } from '#core/foundry/file-preview.ts';
import { isObject } from '#core/datasets/convert-record.ts';
import { convertByShape } from '#core/foundry/import/convert-shapes.ts';
import { leafPaths } from '#core/foundry/import/leaf-paths.ts';
import { mappedValue } from '#core/foundry/import/mapped-record.ts';
import { cellText } from '#core/foundry/import/record-values.ts';
import { createRowImporter, type ImportOutcome } from '#core/foundry/import/row-importer.ts';
import { describeColumn, suggestFields, type ColumnContent } from '#core/foundry/import/suggest-fields.ts';
import type { CutRecord } from '#core/foundry/record-source.ts';
import {
  listRecordFiles,
  type RecordFile,
  type RecordFileList,
} from '#native-bridge/datasets/reading/list-record-files.ts';
import { previewFile } from '#native-bridge/datasets/reading/preview-file.ts';

const mostColumns = 200;
const recordsShown = 20;
const cellCharacters = 300;
const messageCharacters = 20_000;

/**
 * The first look at what is to be imported (D-1), and what the first records become with this mapping (D-5). Reads samples of one file.
 * @throws ForgeError like listRecordFiles and openRecordSource
 */
export async function previewImport(request: PreviewRequest, signal?: AbortSignal): Promise<ImportPreview> {
  const lists = await Promise.all(request.paths.map((place) => listRecordFiles(place)));
  const found = joined(lists);
  const looked = await firstWithRecords(found.files, request, signal);
  return describe(looked, found, request);
}

function joined(lists: readonly RecordFileList[]): RecordFileList {
  return { files: lists.flatMap(({ files }) => files), ignored: lists.flatMap(({ ignored }) => ignored) };
}

interface LookedFile {
  readonly file: RecordFile;
  readonly preview: FilePreview;
}

/** Files that are looked at in search of records. */
const mostEmptyFiles = 5;

async function firstWithRecords(
  files: readonly RecordFile[],
  { encoding, delimiter, hasHeader }: PreviewRequest,
  signal: AbortSignal | undefined,
): Promise<LookedFile> {
  const options = {
    ...(encoding !== null && { encoding }),
    ...(delimiter !== null && { delimiter }),
    ...(hasHeader !== null && { hasHeader }),
    ...(signal !== undefined && { signal }),
  };
  let first: LookedFile | undefined;
  for (const file of files.slice(0, mostEmptyFiles)) {
    const looked = { file, preview: await previewFile(file, options) };
    if (looked.preview.looked.records > 0) return looked;
    first ??= looked;
  }
  if (first === undefined) throw new Error('A list of files for an import was empty.');
  return first;
}

function describe({ file, preview }: LookedFile, found: RecordFileList, request: PreviewRequest): ImportPreview {
  const importer = createRowImporter({
    uri: file.name,
    sourceType: 'file',
    columns: preview.shape.columns,
    mapping: request.mapping,
    systemPrompt: request.systemPrompt,
    domain: null,
    licence: null,
    teacher: null,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const all = preview.records.flatMap(({ record }) => importer.takeAll(record));
  const taken = all.slice(0, recordsShown);
  const outcomes = taken.map(({ outcome }) => outcome);
  const columns = columnsOf(
    preview.shape.columns,
    taken.map(({ record }) => record),
  );
  const names = columns.map(({ name }) => name);
  return {
    file: file.name,
    sizeBytes: preview.sizeBytes,
    files: {
      count: found.files.length,
      sizeBytes: found.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      ignored: found.ignored.length,
    },
    container: preview.shape.container,
    compression: preview.shape.compression,
    encoding: { ...preview.shape.encoding },
    delimiter: preview.shape.delimiter,
    hasHeader: preview.shape.hasHeader,
    columns: columns.map(describeColumn),
    suggested: suggestionFor(columns, outcomes, request.mapping),
    format: mostOf(outcomes.flatMap((outcome) => (outcome.kind === 'row' ? [outcome.format] : []))),
    total: totalOf(preview, all.length),
    looked: { ...preview.looked },
    records: taken.map(({ record, outcome }) => recordOf(record, names, shownOutcome(outcome))),
    worst: preview.worst.map(worstOf),
  };
}

/** Records whose shape is known need no mapping. */
function suggestionFor(
  columns: readonly ColumnContent[],
  outcomes: readonly ImportOutcome[],
  mapping: FieldMapping | null,
): FieldMapping {
  const format = mostOf(outcomes.flatMap((outcome) => (outcome.kind === 'row' ? [outcome.format] : [])));
  const isKnownShape = mapping === null && format !== null && format !== 'columns' && format !== 'text';
  return isKnownShape ? {} : suggestFields(columns);
}

function mostOf(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

/** A wrapper counts as the records inside it: `taken` of those that were looked at. */
function totalOf({ records, total, looked }: FilePreview, taken: number): ImportPreview['total'] {
  if (taken === records.length) return { ...total };
  const isAll = total.isExact && records.length + looked.rejected === total.records;
  if (isAll) return { records: taken + looked.rejected, isExact: true };
  return { records: Math.round((total.records * taken) / records.length), isExact: false };
}

/** Columns of a table; of JSON records the keys that were seen, in the order they came. */
function columnsOf(columns: readonly string[], records: readonly CutRecord[]): ColumnContent[] {
  const names = new Set(columns);
  for (const record of records) for (const name of keysOf(record)) if (names.size < mostColumns) names.add(name);
  // A column that holds parts is named by them: a mapping names texts.
  for (const record of records)
    for (const path of pathsOf(record)) {
      const [whole = path] = path.split('.');
      if (path !== whole && names.size < mostColumns) names.add(path);
      if (path !== whole) names.delete(whole);
    }
  const all = [...names].slice(0, mostColumns);
  return all.map((name) => ({ name, values: records.map((record) => valueOf(record, name, columns)) }));
}

function keysOf(record: CutRecord): readonly string[] {
  if (record.kind !== 'value' || typeof record.value !== 'object' || record.value === null) return [];
  return Array.isArray(record.value) ? [] : Object.keys(record.value);
}

/** Of nested records only; those of a known shape keep their keys. */
function pathsOf(record: CutRecord): readonly string[] {
  if (record.kind !== 'value' || !isObject(record.value) || convertByShape(record.value).ok) return [];
  return leafPaths(record.value);
}

function valueOf(record: CutRecord, name: string, columns: readonly string[]): string {
  if (record.kind === 'fields') return record.fields[columns.indexOf(name)] ?? '';
  if (record.kind === 'bad' || !isObject(record.value)) return '';
  return cellText(mappedValue(record.value, name));
}

function recordOf(record: CutRecord, names: readonly string[], outcome: PreviewedRecord['outcome']): PreviewedRecord {
  const { line, byteOffset, flags } = record;
  const cells = record.kind === 'fields' ? record.fields : names.map((name) => valueOf(record, name, []));
  return {
    line,
    byteOffset,
    cells: cells.slice(0, mostColumns).map((cell) => cell.slice(0, cellCharacters).toWellFormed()),
    flags: [...flags],
    outcome,
  };
}

function shownOutcome(outcome: ImportOutcome): PreviewedRecord['outcome'] {
  if (outcome.kind === 'row') return { kind: 'row', row: shortened(outcome.row) };
  return { kind: 'rejected', code: outcome.reason, message: outcome.message };
}

/** A preview is looked at, never learned from: what nobody reads does not travel. */
function shortened(row: CanonicalRow): CanonicalRow {
  const cut = (messages: readonly CanonicalMessage[]): CanonicalMessage[] =>
    messages.map((message) => ({ ...message, content: message.content.slice(0, messageCharacters).toWellFormed() }));
  switch (row.kind) {
    case 'sft':
    case 'prompt':
      return { ...row, messages: cut(row.messages) };
    case 'preference':
      return { ...row, prompt: cut(row.prompt), chosen: cut(row.chosen), rejected: cut(row.rejected) };
    case 'unpaired':
      return { ...row, prompt: cut(row.prompt), completion: cut(row.completion) };
    case 'text':
      return { ...row, text: row.text.slice(0, messageCharacters).toWellFormed() };
  }
}

function worstOf({ record, isLineExact }: PreviewRecord): ImportPreview['worst'][number] {
  const { line, byteOffset, flags } = record;
  const place = { line: Math.max(1, line), isLineExact, byteOffset, flags: [...flags] };
  if (record.kind !== 'bad') return { ...place, code: null, message: '', head: '', headEncoding: 'utf-8' };
  return { ...place, code: record.reason, message: record.message, ...headOf(record.head) };
}

function headOf(bytes: Uint8Array): Pick<ImportPreview['worst'][number], 'head' | 'headEncoding'> {
  try {
    // As a stream: a sign cut in two by the end of the head is no fault of the record.
    return { head: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }), headEncoding: 'utf-8' };
  } catch (error) {
    if (error instanceof TypeError) return { head: Buffer.from(bytes).toString('base64'), headEncoding: 'base64' };
    throw error;
  }
}
