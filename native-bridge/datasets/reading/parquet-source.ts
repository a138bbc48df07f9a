import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors, FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { ForgeError } from '#contract/errors.ts';
import type { CutRecord, RecordBatch, RecordPosition } from '#core/foundry/record-source.ts';
import type { RandomInput, StableFile } from './byte-input.ts';
import { lostRows, rowRecord } from './column-values.ts';
import { maximumColumns } from './csv-cutter.ts';
import { ColumnPages, chunkRange, type ColumnDecoder, type PageDecoding } from './parquet-pages.ts';

const usualBatchRows = 1_000;
/** A footer of a usual file has some KiB; this is room for 10,000 columns. */
const largestFooterBytes = 16_777_216;

/** An open Parquet file: its description, and how its pages are decoded. */
export interface ParquetFile {
  readonly file: StableFile;
  readonly metadata: FileMetaData;
  readonly schema: SchemaTree;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly tools: ParquetTools;
}

interface ParquetTools extends PageDecoding {
  readonly compressors: Compressors;
  readonly parsers: ColumnDecoder['parsers'];
  readonly assembleNested: typeof import('hyparquet/src/assemble.js').assembleNested;
}

async function loadTools(): Promise<ParquetTools> {
  const [column, conversion, schema, assembly, packed] = await Promise.all([
    import('hyparquet/src/column.js'),
    import('hyparquet/src/convert.js'),
    import('hyparquet/src/schema.js'),
    import('hyparquet/src/assemble.js'),
    import('hyparquet-compressors'),
  ]);
  const decoder = new TextDecoder();
  return {
    parquetHeader: column.parquetHeader,
    readPage: column.readPage,
    convert: conversion.convert,
    isFlatColumn: schema.isFlatColumn,
    assembleNested: assembly.assembleNested,
    // The platform's own are several times as fast as those in JavaScript, and stop at the size the page says.
    compressors: {
      ...packed.compressors,
      GZIP: (input, outputLength) => gunzipSync(input, { maxOutputLength: Math.max(1, outputLength) }),
      ZSTD: (input, outputLength) => zstdDecompressSync(input, { maxOutputLength: Math.max(1, outputLength) }),
      BROTLI: (input, outputLength) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, outputLength) }),
    },
    // A column of JSON stays the text it is: what it means is decided where records are read, with all limits.
    parsers: { ...conversion.DEFAULT_PARSERS, jsonFromBytes: (bytes) => decoder.decode(bytes) },
  };
}

function damaged(path: string, reason: string, cause?: unknown): ForgeError {
  return new ForgeError('dataset.damaged', { path, reason }, cause === undefined ? {} : { cause });
}

async function readMetadata(file: StableFile, input: RandomInput): Promise<FileMetaData> {
  const { path, sizeBytes } = file;
  if (sizeBytes < 12) throw damaged(path, 'it is too short for a Parquet file');
  const tail = await input.read(sizeBytes - 8, 8);
  if (tail.toString('latin1', 4) !== 'PAR1')
    throw damaged(path, 'the description at its end is missing, so it was not written or copied to its end');
  const length = tail.readUInt32LE(0);
  if (length > sizeBytes - 12) throw damaged(path, 'the description at its end is damaged');
  if (length > largestFooterBytes)
    throw new ForgeError('dataset.too-many-columns', { path, columns: 'more than 10,000', limit: '10,000' });
  const { parquetMetadata } = await import('hyparquet');
  try {
    return parquetMetadata(await input.read(sizeBytes - 8 - length, length + 8), { geoparquet: false });
  } catch (error) {
    throw damaged(path, 'the description at its end is damaged', error);
  }
}

/** Opens a Parquet file by its footer. @throws ForgeError dataset.damaged, dataset.too-many-columns */
export async function openParquet(file: StableFile): Promise<ParquetFile> {
  const input = await file.openRandom();
  const metadata = await readMetadata(file, input).finally(() => input.close());
  const { parquetSchema } = await import('hyparquet');
  try {
    const schema = parquetSchema(metadata);
    const columns = schema.children.map((child) => child.element.name);
    if (metadata.schema.length > maximumColumns) {
      throw new ForgeError('dataset.too-many-columns', {
        path: file.path,
        columns: 'more than 10,000',
        limit: '10,000',
      });
    }
    const isCounted = metadata.row_groups.every(({ num_rows: rows }) => typeof rows === 'bigint' && rows >= 0n);
    if (!isCounted) throw new Error('a group of rows does not say how many it has');
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    return { file, metadata, schema, columns, rows, tools: await loadTools() };
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    throw damaged(file.path, 'the description of its columns is damaged', error);
  }
}

/** One row group as columns that are read side by side. */
class GroupReader {
  private readonly open: ParquetFile;
  private readonly leaves: { path: string[]; pages: ColumnPages }[];

  constructor(open: ParquetFile, group: RowGroup, input: RandomInput) {
    this.open = open;
    if (group.columns.length === 0) throw new Error('it has rows, but no columns');
    const held = { count: 0 };
    this.leaves = group.columns.map((chunk) => {
      const meta = chunk.meta_data;
      if (meta === undefined) throw new Error('a column has no description');
      const { compressors, parsers } = open.tools;
      const schemaPath = treePath(open.schema, meta.path_in_schema);
      const element = schemaPath.at(-1)?.element;
      if (element === undefined) throw new Error('a column is not in the schema');
      const { path_in_schema: pathInSchema, type, codec } = meta;
      // What is not marked as text stays bytes here and is looked at value by value.
      const decoder: ColumnDecoder = {
        utf8: false,
        pathInSchema,
        type,
        codec,
        element,
        schemaPath,
        compressors,
        parsers,
      };
      return {
        path: pathInSchema,
        pages: new ColumnPages(open.tools, { decoder, range: chunkRange(chunk), input, held }),
      };
    });
  }

  /** The cells of the next rows, column by column. */
  async take(count: number): Promise<(ArrayLike<unknown> | undefined)[]> {
    const taken = new Map<string, ArrayLike<unknown> & Iterable<unknown>>();
    for (const { path, pages } of this.leaves) taken.set(path.join('.'), await pages.take(count));
    return this.open.schema.children.map((child) => {
      const { name } = child.element;
      if (child.children.length === 0) return taken.get(name);
      const parts = new Map([...taken].filter(([path]) => path === name || path.startsWith(`${name}.`)));
      this.open.tools.assembleNested(parts as Map<string, unknown[]>, child, this.open.tools.parsers);
      return parts.get(name);
    });
  }
}

function treePath(schema: SchemaTree, path: readonly string[]): SchemaTree[] {
  const found = [schema];
  for (const name of path) {
    const child = found.at(-1)?.children.find(({ element }) => element.name === name);
    if (child === undefined) throw new Error('a column is not in the schema');
    found.push(child);
  }
  return found;
}

function rowsOf(
  open: ParquetFile,
  cells: readonly (ArrayLike<unknown> | undefined)[],
  at: { row: number; count: number },
): CutRecord[] {
  const records: CutRecord[] = [];
  for (let index = 0; index < at.count; index += 1) {
    records.push(
      rowRecord(
        at.row + index,
        open.columns,
        cells.map((column) => column?.[index]),
      ),
    );
  }
  return records;
}

/** The rows of one row group that lie behind `from`; what is damaged ends the group, with one record for all its lost rows. */
async function* groupBatches(
  open: ParquetFile,
  group: RowGroup,
  range: { start: number; from: number; input: RandomInput; batchRows: number },
): AsyncGenerator<{ records: CutRecord[]; row: number }> {
  const end = range.start + Number(group.num_rows);
  const { batchRows } = range;
  let row = range.start;
  try {
    const reader = new GroupReader(open, group, range.input);
    while (row < end) {
      const count = Math.min(batchRows, end - row, row < range.from ? range.from - row : batchRows);
      const cells = await reader.take(count);
      const records = row < range.from ? [] : rowsOf(open, cells, { row, count });
      row += count;
      if (records.length > 0) yield { records, row };
    }
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    const message = `rows ${row + 1} to ${end} cannot be read: ${(error as Error).message}`;
    yield { records: [lostRows(row, message)], row: end };
  }
}

/** All rows in batches. `position.line` is the next row from 1. */
export async function* parquetBatches(
  open: ParquetFile,
  from: RecordPosition | undefined,
  { signal, batchRows = usualBatchRows }: { readonly signal: AbortSignal | undefined; readonly batchRows?: number },
): AsyncGenerator<RecordBatch> {
  const firstRow = (from?.line ?? 1) - 1;
  let [start, records] = [0, from?.records ?? 0];
  const input = await open.file.openRandom();
  try {
    for (const group of open.metadata.row_groups) {
      const range = { start, from: firstRow, input, batchRows };
      start += Number(group.num_rows);
      if (start <= firstRow) continue;
      for await (const batch of groupBatches(open, group, range)) {
        signal?.throwIfAborted();
        records += batch.records.length;
        const byteOffset = Math.floor((open.file.sizeBytes * batch.row) / Math.max(1, open.rows));
        yield { records: batch.records, after: { byteOffset, line: batch.row + 1, records } };
      }
    }
  } finally {
    await input.close();
  }
}
