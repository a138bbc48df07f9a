import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { FilePreview } from '#core/foundry/file-preview.ts';
import type { CutRecord, RecordBatch, RecordShape } from '#core/foundry/record-source.ts';
import { openRecordSource, type RecordSourceOptions } from '#native-bridge/datasets/reading/open-record-source.ts';
import { previewFile } from '#native-bridge/datasets/reading/preview-file.ts';

/** A rule of reading that does not hold for a file. */
export class Finding extends Error {}

export interface ReadingResult {
  readonly shape: RecordShape;
  readonly batches: readonly RecordBatch[];
  readonly records: readonly CutRecord[];
}

export async function readAll(file: string, options: RecordSourceOptions): Promise<ReadingResult> {
  const source = await openRecordSource(file, options);
  const batches: RecordBatch[] = [];
  for await (const batch of source.records()) batches.push(batch);
  return { shape: source.shape, batches, records: batches.flatMap((batch) => batch.records) };
}

/** Bytes that may stand between two records: spaces, line ends, what holds a JSON array together, and byte order marks. */
const separators = new Set([...Buffer.from(' \t\n\v\f\r'), ...Buffer.from([0xef, 0xbb, 0xbf])]);
const jsonSeparators = new Set([
  ...separators,
  ...Array.from({ length: 33 }, (_, byte) => byte),
  ...Buffer.from(',[]'),
]);

function lineEnds(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let position = from; position < to; position += 1) {
    if (bytes[position] === 10) lines += 1;
    if (bytes[position] === 13 && bytes[position + 1] !== 10) lines += 1;
  }
  return lines;
}

function checkGap(text: Buffer, gap: { from: number; to: number }, allowed: ReadonlySet<number>): void {
  for (let position = gap.from; position < gap.to; position += 1) {
    if (!allowed.has(text[position] ?? 0))
      throw new Finding(`byte ${position} (${text[position]}) belongs to no record: ${gap.from} to ${gap.to}`);
  }
}

/**
 * Every byte of the text belongs to one record or stands between two, and every line is told right. `text` is what the file unpacks to, in an encoding that
 * has one byte for each sign of ASCII; it was read with `hasHeader: false`.
 */
export function checkBalance(text: Buffer, { shape, records }: ReadingResult): void {
  const allowed = shape.container === 'json-array' ? jsonSeparators : separators;
  const preface =
    /^(?:\u00ef\u00bb\u00bf)?(?:sep=.(?:\r\n|\n|\r))?/i.exec(text.toString('latin1', 0, 32))?.[0].length ?? 0;
  let position = shape.container === 'csv' ? preface : 0;
  let [line, counted] = [1, 0];
  for (const record of records) {
    const { byteOffset, byteLength } = record;
    if (byteOffset < position)
      throw new Finding(`a record at ${byteOffset} lies over the one in front of it, to ${position}`);
    checkGap(text, { from: position, to: byteOffset }, allowed);
    line += lineEnds(text, counted, byteOffset);
    counted = byteOffset;
    if (record.line !== line) throw new Finding(`the record at ${byteOffset} says line ${record.line}, it is ${line}`);
    position = byteOffset + byteLength;
  }
  if (position > text.length) throw new Finding(`the last record ends at ${position}, the text at ${text.length}`);
  checkGap(text, { from: position, to: text.length }, allowed);
}

function requireSame(found: readonly CutRecord[], wanted: readonly CutRecord[], how: string): void {
  const at = wanted.findIndex((record, index) => !isDeepStrictEqual(record, found[index]));
  if (at === -1 && found.length === wanted.length) return;
  const index = at === -1 ? wanted.length : at;
  const show = (record: CutRecord | undefined): string => {
    const head = record?.kind === 'bad' ? Buffer.from(record.head).toString('latin1') : undefined;
    return JSON.stringify({ ...record, head }).slice(0, 1_000);
  };
  throw new Finding(`${how}: record ${index} is\n${show(found[index])}\ninstead of\n${show(wanted[index])}`);
}

async function readFrom(file: string, options: RecordSourceOptions, from: RecordBatch['after']): Promise<CutRecord[]> {
  const source = await openRecordSource(file, options);
  const records: CutRecord[] = [];
  for await (const batch of source.records(from)) records.push(...batch.records);
  return records;
}

export interface CheckedFile {
  readonly bytes: Buffer;
  readonly fileName: string;
  readonly options: RecordSourceOptions;
  /** What it unpacks to, where bytes can be held against records. */
  readonly text?: Buffer;
  /** Bytes in memory at first in the second reading. */
  readonly windowBytes: number;
  /** 0 to 1: where in the file the third reading begins. */
  readonly resumeAt: number;
  /** Told about the first look at the same file. */
  readonly onPreview?: (preview: FilePreview, result: ReadingResult) => void;
}

/** Reads a file at once, with a small memory, and from a place in between on: three times the same, and balanced. @throws Finding */
export async function checkReading(checked: CheckedFile): Promise<ReadingResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-reading-'));
  const file = path.join(folder, checked.fileName);
  try {
    await writeFile(file, checked.bytes);
    const { options } = checked;
    const whole = await readAll(file, options);
    const small = { ...options, windowBytes: checked.windowBytes };
    const pieces = await readAll(file, small);
    requireSame(pieces.records, whole.records, `read with ${checked.windowBytes} bytes in memory`);
    const batch = pieces.batches[Math.floor(checked.resumeAt * pieces.batches.length)];
    if (batch !== undefined) {
      const rest = await readFrom(file, options, batch.after);
      requireSame(rest, whole.records.slice(batch.after.records), `read on from ${JSON.stringify(batch.after)}`);
    }
    if (checked.text !== undefined) checkBalance(checked.text, whole);
    checked.onPreview?.(await previewFile(file, options), whole);
    return whole;
  } finally {
    await rm(folder, { recursive: true });
  }
}
