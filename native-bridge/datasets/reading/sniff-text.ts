import type { CutRecord, RecordShape } from '#core/foundry/record-source.ts';
import { ForgeError } from '#contract/errors.ts';
import { isJson } from '#contract/json-text.ts';
import { memoryInput, type ByteInput } from './byte-input.ts';
import { convertingInput } from './converting-input.ts';
import { createCsvCutter, maximumColumns } from './csv-cutter.ts';
import { columnNames, isHeader, separationOf } from './csv-dialect.ts';
import type { CutContext } from './cut-context.ts';
import type { DetectedEncoding } from './detect-encoding.ts';
import { RecordWindow } from './record-window.ts';

/** What a text is, from its beginning. */
export interface TextShape extends Pick<RecordShape, 'delimiter' | 'hasHeader' | 'columns' | 'renamed'> {
  readonly container: 'csv' | 'jsonl' | 'json-array' | 'text';
  /** Bytes of the file in front of the first record or header: byte order mark, `sep=` line. */
  readonly dataStart: number;
  /** Line of `dataStart`, from 1. */
  readonly dataLine: number;
}

export interface TextHead {
  /** For messages. */
  readonly path: string;
  /** The beginning of the text in the file's own encoding, byte order mark included. */
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  readonly encoding: DetectedEncoding;
  readonly context: CutContext;
  /** What the person says; overrides what is found. */
  readonly delimiter?: string;
  readonly hasHeader?: boolean;
}

const containerSampleBytes = 262_144;
const linesSampled = 200;
const recordsSampled = 30;

/** JSON has a say before CSV: a line that begins with a brace is no header. */
function jsonContainer(text: string, isWhole: boolean): 'jsonl' | 'json-array' | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  if (!isWhole && lines.length > 1) lines.pop();
  const filled = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, linesSampled);
  const first = filled[0] ?? '';
  const objects = filled.filter((line) => line.startsWith('{') && line.endsWith('}')).length;
  if (first.startsWith('{')) {
    const isLines = isJson(first) || objects * 2 >= filled.length || (filled.length === 1 && first.length > 65_536);
    return isLines ? 'jsonl' : 'json-array';
  }
  // An array of arrays a line, or the beginning of one array: only a line that closes what it opens is a record of its own.
  if (/^\[\s*(?:[{["\]]|-?\d|$)/.test(first)) return filled.length > 1 && isJson(first) ? 'jsonl' : 'json-array';
  return objects >= 2 && objects * 2 >= filled.length ? 'jsonl' : undefined;
}

async function firstRecords(head: TextHead, delimiter: string, start: number): Promise<CutRecord[]> {
  const raw = memoryInput(head.bytes, start);
  const input = head.encoding.wide === undefined ? raw : convertingInput(raw, head.encoding.wide);
  const window = new RecordWindow(input, { offset: start, line: 1, windowBytes: head.bytes.length * 2 + 1_024 });
  await window.fill();
  window.atEnd = head.isWhole;
  const cutter = createCsvCutter({ delimiter }, head.context);
  const records: CutRecord[] = [];
  while (records.length < recordsSampled) {
    const record = cutter.next(window);
    if (record === undefined) break;
    records.push(record);
  }
  return records;
}

function refuseTooWide(path: string, columns: number): void {
  if (columns <= maximumColumns) return;
  throw new ForgeError('dataset.too-many-columns', { path, columns: 'more than 10,000', limit: '10,000' });
}

function cellsOf(record: CutRecord | undefined): readonly string[] | undefined {
  return record?.kind === 'fields' ? record.fields : undefined;
}

async function csvShape(head: TextHead, text: Buffer, markBytes: number): Promise<TextShape> {
  const separation = separationOf(text, head.isWhole, head.delimiter);
  refuseTooWide(head.path, separation.columns);
  const unit = head.encoding.wide === undefined ? 1 : head.encoding.wide.startsWith('utf-32') ? 4 : 2;
  const dataStart = markBytes + separation.prefaceBytes * unit;
  const dataLine = separation.prefaceBytes > 0 ? 2 : 1;
  const isProse = separation.agreement < 0.5 && !/\.(?:csv|tsv|tab)(?:\.\w+)?$/i.test(head.path);
  const delimiter = separation.delimiter ?? ',';
  const records = await firstRecords(head, delimiter, dataStart);
  const first = cellsOf(records[0]);
  const isNamed = first?.length === 1 && isHeader(first, []) && /^[\w -]{1,40}$/.test(first[0]?.trim() ?? '');
  if (isProse && head.delimiter === undefined && !isNamed)
    return { container: 'text', delimiter: null, hasHeader: false, columns: ['text'], dataStart, dataLine };
  const following = records.slice(1).flatMap((record) => (record.kind === 'fields' ? [record.fields] : []));
  const hasHeader = first !== undefined && (head.hasHeader ?? isHeader(first, following));
  const width = first?.length ?? Math.max(1, separation.columns, ...following.map((cells) => cells.length));
  const header = hasHeader && first !== undefined ? first : Array.from({ length: width }, () => '');
  const columns = columnNames(header);
  const renamed = header.flatMap((cell, index) => {
    const [name, unique = ''] = [cell.trim(), columns[index]];
    return name === '' || name === unique ? [] : [{ name, unique }];
  });
  return { container: 'csv', delimiter, hasHeader, columns, renamed, dataStart, dataLine };
}

/** The beginning as UTF-8, for a look at it. */
async function asUtf8(input: ByteInput, sizeBytes: number): Promise<Buffer> {
  const target = Buffer.allocUnsafe(sizeBytes);
  let length = 0;
  for (let read = -1; read !== 0 && length < sizeBytes; length += read) read = await input.read(target, length);
  return target.subarray(0, length);
}

/** Decides container, separator and header. @throws ForgeError dataset.too-many-columns */
export async function sniffText(head: TextHead): Promise<TextShape> {
  const { wide, markBytes } = head.encoding;
  const raw = memoryInput(head.bytes, markBytes);
  const text =
    wide === undefined
      ? head.bytes.subarray(markBytes)
      : await asUtf8(convertingInput(raw, wide), head.bytes.length * 2);
  const sample = text.subarray(0, containerSampleBytes).toString('utf8');
  const isWhole = head.isWhole && text.length <= containerSampleBytes;
  const json = head.delimiter === undefined ? jsonContainer(sample, isWhole) : undefined;
  if (json === undefined) return csvShape(head, text, markBytes);
  return { container: json, delimiter: null, hasHeader: false, columns: [], dataStart: markBytes, dataLine: 1 };
}
