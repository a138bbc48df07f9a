import { zstdDecompressSync } from 'node:zlib';
import type { Data, DataType, RecordBatch as ArrowBatch, RecordBatchReader, Schema } from 'apache-arrow';
import { ForgeError } from '#contract/errors.ts';
import type { CutRecord, RecordBatch, RecordPosition } from '#core/foundry/record-source.ts';
import type { ByteInput } from './byte-input.ts';
import { lostRows, rowRecord } from './column-values.ts';
import { ArrowMessages } from './arrow-messages.ts';
import { maximumColumns } from './csv-cutter.ts';
import { lz4Frame } from './lz4-frame.ts';

const usualBatchRows = 1_000;
/** One column of one batch; more is made to fill the memory. */
const largestBufferBytes = 536_870_912;

type Arrow = typeof import('apache-arrow');

/** Files of `to_feather` are compressed buffer by buffer; the library leaves that to its users. */
async function loadArrow(): Promise<Arrow> {
  const arrow = await import('apache-arrow');
  const { compressionRegistry, CompressionType } = arrow;
  if (compressionRegistry.get(CompressionType.ZSTD) === null)
    compressionRegistry.set(CompressionType.ZSTD, {
      decode: (data) => zstdDecompressSync(data, { maxOutputLength: largestBufferBytes }),
    });
  if (compressionRegistry.get(CompressionType.LZ4_FRAME) === null)
    compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (data) => lz4Frame(data, largestBufferBytes) });
  return arrow;
}

type Convert = (value: unknown) => unknown;

function isoFrom(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const date = value instanceof Date ? value : new Date(Number(value));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** So many digits a double holds without loss. */
const exactDigits = 15;

/** Unscaled decimals are four words, least first, two's complement. */
function decimalValue(value: unknown, scale: number): unknown {
  if (!(value instanceof Uint32Array)) return null;
  let unscaled = 0n;
  for (let word = value.length - 1; word >= 0; word -= 1) unscaled = (unscaled << 32n) | BigInt(value[word] ?? 0);
  const bits = BigInt(value.length * 32);
  if (unscaled >= 1n << (bits - 1n)) unscaled -= 1n << bits;
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  const text = unscaled < 0n ? `-${whole}` : whole;
  return digits.length <= exactDigits ? Number(text) : text;
}

/** What the values of a type have to go through; `undefined` where they are plain already. */
function conversionOf(arrow: Arrow, type: DataType): Convert | undefined {
  const { DataType: types } = arrow;
  if (types.isTimestamp(type) || types.isDate(type)) return isoFrom;
  if (types.isDecimal(type)) return (value) => decimalValue(value, type.scale);
  if (types.isDictionary(type)) return conversionOf(arrow, type.dictionary as DataType);
  if (types.isList(type) || types.isFixedSizeList(type)) {
    const item = conversionOf(arrow, type.children[0]?.type as DataType);
    return (value) =>
      value === null || value === undefined
        ? null
        : Array.from(value as Iterable<unknown>, (part) => item?.(part) ?? part);
  }
  if (types.isMap(type)) {
    const pair = type.children[0]?.type.children as { type: DataType }[] | undefined;
    const item = pair?.[1] === undefined ? undefined : conversionOf(arrow, pair[1].type);
    return (value) => (value === null ? null : fromPairs(value as Iterable<[unknown, unknown]>, () => item));
  }
  if (types.isStruct(type)) {
    const items = new Map(type.children.map((child) => [child.name, conversionOf(arrow, child.type as DataType)]));
    return (value) =>
      value === null ? null : fromPairs(value as Iterable<[unknown, unknown]>, (key) => items.get(key));
  }
  return undefined;
}

function fromPairs(pairs: Iterable<[unknown, unknown]>, conversion: (key: string) => Convert | undefined): unknown {
  return Object.fromEntries(
    Array.from(pairs, ([key, value]) => {
      const name = String(key);
      return [name, conversion(name)?.(value) ?? value];
    }),
  );
}

interface OpenArrow {
  readonly arrow: Arrow;
  readonly reader: RecordBatchReader;
  readonly schema: Schema;
}

async function openReader(path: string, messages: AsyncGenerator<Uint8Array>): Promise<OpenArrow> {
  const arrow = await loadArrow();
  try {
    const reader = await arrow.RecordBatchReader.from(messages);
    await reader.open();
    const { schema } = reader;
    if (schema.fields.length <= maximumColumns) return { arrow, reader, schema };
  } catch (error) {
    throw new ForgeError(
      'dataset.damaged',
      { path, reason: 'the description of its columns is damaged' },
      { cause: error },
    );
  }
  throw new ForgeError('dataset.too-many-columns', { path, columns: 'more than 10,000', limit: '10,000' });
}

/** The names of the columns. @throws ForgeError dataset.damaged */
export async function arrowColumns(path: string, input: ByteInput): Promise<string[]> {
  try {
    const { schema } = await openReader(path, new ArrowMessages(input).schema());
    return schema.fields.map((field) => field.name);
  } finally {
    await input.close();
  }
}

function rowsOf(
  { arrow, schema }: OpenArrow,
  batch: ArrowBatch,
  at: { row: number; from: number; to: number },
): CutRecord[] {
  const columns = schema.fields.map((field, index) => {
    const vector = batch.getChildAt(index);
    const convert = conversionOf(arrow, field.type as DataType);
    return (row: number): unknown => {
      const value: unknown = vector?.get(row);
      return convert === undefined ? value : convert(value);
    };
  });
  const names = schema.fields.map((field) => field.name);
  const records: CutRecord[] = [];
  for (let index = at.from; index < at.to; index += 1)
    records.push(
      rowRecord(
        at.row + index,
        names,
        columns.map((cell) => cell(index)),
      ),
    );
  return records;
}

async function nextBatch(reader: RecordBatchReader): Promise<{ batch?: ArrowBatch; problem?: string }> {
  try {
    const { done, value } = (await reader.next()) as IteratorResult<ArrowBatch>;
    if (done === true) return {};
    return holdsRows(value.data as Data, 0)
      ? { batch: value }
      : { problem: 'a batch says to have more rows than it holds' };
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    return { problem: (error as Error).message };
  }
}

/** A column of nulls needs no bytes, so only this bounds it; other columns are bounded by what is there. */
const mostRowsWithoutBytes = 10_000_000;
const mostRows = 1_000_000_000;

/** Whether the buffers of a column (and of those inside it) are as long as its number of rows says; the library does not ask. */
function holdsRows(data: Data, depth: number): boolean {
  const { length, children, valueOffsets, values } = data as Data & {
    values?: { length: number; BYTES_PER_ELEMENT?: number };
  };
  if (length < 0 || length > mostRows || depth > 64) return false;
  if (valueOffsets !== undefined && valueOffsets.length < length) return false;
  const isFixed = valueOffsets === undefined && values !== undefined && children.length === 0;
  if (isFixed && values.length * 8 < length) return false;
  if (valueOffsets === undefined && values === undefined && children.length === 0 && length > mostRowsWithoutBytes)
    return false;
  return children.every((child) => holdsRows(child as Data, depth + 1));
}

export interface ArrowPlan {
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  readonly batchRows: number | undefined;
  openInput(): Promise<ByteInput>;
}

/** All rows in batches; a file that is cut short gives those in front of the cut, and one record for what is lost. */
export async function* arrowBatches(plan: ArrowPlan, from: RecordPosition | undefined): AsyncGenerator<RecordBatch> {
  if (from?.isEnd === true) return;
  const input = await plan.openInput();
  const messages = new ArrowMessages(input);
  try {
    const open = await openReader(plan.path, messages.bytes());
    const firstRow = (from?.line ?? 1) - 1;
    let [row, records] = [0, from?.records ?? 0];
    for (;;) {
      const { batch, problem } = await nextBatch(open.reader);
      if (problem !== undefined || (batch === undefined && !messages.isComplete)) {
        const reason = problem ?? messages.problem;
        const lost = lostRows(row, `behind row ${row} the file cannot be read (${reason}): what followed is lost`);
        yield {
          records: [lost],
          after: { byteOffset: messages.position, line: row + 1, records: records + 1, isEnd: true },
        };
        return;
      }
      if (batch === undefined) return;
      const batchRows = plan.batchRows ?? usualBatchRows;
      for (let start = Math.max(0, firstRow - row); start < batch.numRows; start += batchRows) {
        plan.signal?.throwIfAborted();
        const to = Math.min(batch.numRows, start + batchRows);
        const rows = rowsOf(open, batch, { row, from: start, to });
        records += rows.length;
        yield { records: rows, after: { byteOffset: messages.position, line: row + to + 1, records } };
      }
      row += batch.numRows;
    }
  } finally {
    await input.close();
  }
}
