import { createHash } from 'node:crypto';
import { ForgeError } from '#contract/errors.ts';
import type { RecordBatch, RecordPosition, RecordShape, RecordSource } from '#core/foundry/record-source.ts';
import { binaryKind } from '../../files/dataset-source-sniff.ts';
import { arrowBatches, arrowColumns } from './arrow-source.ts';
import type { ByteInput } from './byte-input.ts';
import { convertingInput, type WideEncoding } from './converting-input.ts';
import { detectEncoding, type DetectedEncoding } from './detect-encoding.ts';
import type { RecordFile } from './list-record-files.ts';
import { openPacked, type PackedFile, type PackingOptions } from './packed-file.ts';
import { openParquet, parquetBatches } from './parquet-source.ts';
import { readSamples, type FileSamples } from './read-samples.ts';
import { sniffText } from './sniff-text.ts';
import { textBatches, usualWindowBytes, type TextPlan } from './text-source.ts';

export interface RecordSourceOptions {
  /** What the person says about the file; each overrides what is found. */
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly hasHeader?: boolean;
  readonly signal?: AbortSignal;
  /** Bounds of decompression; the usual ones are in packed-file.ts. */
  readonly packing?: PackingOptions;
  /** Longer records are TOO_LONG. Default 32 MiB (D-4). */
  readonly maximumRecordBytes?: number;
  /** Bytes in memory at first; tests make it small. */
  readonly windowBytes?: number;
  /** Rows of a columnar file that are taken out at once; fewer read less of a file that is not read to its end. */
  readonly batchRows?: number;
}

/** What the first look at a file gives: its shape, and a way to its records. */
export interface OpenedFile {
  readonly packed: PackedFile;
  readonly samples: FileSamples;
  readonly shape: RecordShape;
  /** Set for text: how to read its records from other bytes as well. */
  readonly plan: TextPlan | undefined;
  /** Text in UTF-16 or UTF-32. */
  readonly wide: WideEncoding | undefined;
  /** Rows, where the file says how many it has. */
  readonly rows: number | undefined;
  batches(
    from: RecordPosition | undefined,
    hash: ReturnType<typeof createHash> | undefined,
  ): AsyncGenerator<RecordBatch>;
}

const longestRecordBytes = 32 * 2 ** 20;
const certain = { name: 'utf-8', confidence: 1 } as const;

function withoutText(packed: PackedFile, container: 'parquet' | 'arrow', columns: readonly string[]): RecordShape {
  const { compression } = packed;
  return { container, compression, encoding: certain, delimiter: null, hasHeader: false, columns };
}

function batchesOf({ batchRows }: RecordSourceOptions): { batchRows?: number } {
  return batchRows === undefined ? {} : { batchRows };
}

async function openParquetFile(
  packed: PackedFile,
  samples: FileSamples,
  options: RecordSourceOptions,
): Promise<OpenedFile> {
  const { path } = packed.file;
  if (packed.compression !== 'none')
    throw new ForgeError('dataset.damaged', {
      path,
      reason: 'a Parquet file is read from the disk only, so unpack it first',
    });
  const parquet = await openParquet(packed.file);
  return {
    packed,
    samples,
    shape: withoutText(packed, 'parquet', parquet.columns),
    plan: undefined,
    wide: undefined,
    rows: parquet.rows,
    batches: (from) => parquetBatches(parquet, from, { signal: options.signal, ...batchesOf(options) }),
  };
}

async function openArrowFile(
  packed: PackedFile,
  samples: FileSamples,
  options: RecordSourceOptions,
): Promise<OpenedFile> {
  const { path } = packed.file;
  const openInput = (): Promise<ByteInput> => packed.open(0);
  const columns = await arrowColumns(path, await openInput());
  return {
    packed,
    samples,
    shape: withoutText(packed, 'arrow', columns),
    plan: undefined,
    wide: undefined,
    rows: undefined,
    batches: (from) => arrowBatches({ path, signal: options.signal, batchRows: options.batchRows, openInput }, from),
  };
}

/** An Arrow file by its magic; a stream by the mark of its first message and a length that such a message can have. */
function looksLikeArrow(head: Buffer): boolean {
  if (head.toString('latin1', 0, 6) === 'ARROW1') return true;
  return head.length > 8 && head.readUInt32LE(0) === 0xffffffff && head.readUInt32LE(4) < 2 ** 24;
}

function refuseBinary(path: string, head: Buffer, encoding: DetectedEncoding): void {
  const looksLike = encoding.wide === undefined ? binaryKind(head) : undefined;
  if (looksLike !== undefined) throw new ForgeError('dataset.binary', { path, looksLike });
}

async function openTextFile(
  packed: PackedFile,
  samples: FileSamples,
  options: RecordSourceOptions,
): Promise<OpenedFile> {
  const { path } = packed.file;
  const { head, isWhole, others } = samples;
  const encoding = await detectEncoding({ head, isWhole, others, declared: options.encoding });
  refuseBinary(path, head, encoding);
  const context = {
    fallbacks: encoding.fallbacks,
    maximumRecordBytes: options.maximumRecordBytes ?? longestRecordBytes,
  };
  const { delimiter, hasHeader, signal } = options;
  const said = { ...(delimiter === undefined ? {} : { delimiter }), ...(hasHeader === undefined ? {} : { hasHeader }) };
  const text = await sniffText({ path, bytes: head, isWhole, encoding, context, ...said });
  const plan: TextPlan = {
    shape: text,
    context,
    windowBytes: options.windowBytes ?? usualWindowBytes,
    signal,
    async openInput(offset, hash) {
      const input = await packed.open(offset, hash);
      return encoding.wide === undefined ? input : convertingInput(input, encoding.wide);
    },
  };
  const { name, confidence } = encoding;
  const { container, columns } = text;
  const shape: RecordShape = {
    container,
    compression: packed.compression,
    encoding: { name, confidence },
    delimiter: text.delimiter,
    hasHeader: text.hasHeader,
    columns,
    renamed: text.renamed ?? [],
  };
  const { wide } = encoding;
  return {
    packed,
    samples,
    shape,
    plan,
    wide,
    rows: undefined,
    batches: (from, hash) => textBatches(plan, from, hash),
  };
}

/** Looks at a file without reading its records. */
export async function openFile(file: string | RecordFile, options: RecordSourceOptions): Promise<OpenedFile> {
  const { path, entry } = typeof file === 'string' ? { path: file, entry: undefined } : file;
  const packed = await openPacked(path, entry, options.packing ?? {});
  const samples = await readSamples(packed);
  if (samples.head.toString('latin1', 0, 4) === 'PAR1') return openParquetFile(packed, samples, options);
  if (looksLikeArrow(samples.head)) return openArrowFile(packed, samples, options);
  return openTextFile(packed, samples, options);
}

/**
 * Opens a file of records of any container, encoding and packing that D-1 to D-4 name, told by its content. Memory stays bounded whatever the file is.
 * @throws ForgeError dataset.not-found, dataset.binary, dataset.damaged, dataset.too-many-columns and their like; while reading also
 * dataset.changed-while-reading and dataset.expands-too-far
 */
export async function openRecordSource(
  file: string | RecordFile,
  options: RecordSourceOptions = {},
): Promise<RecordSource> {
  const opened = await openFile(file, options);
  const { packed, shape } = opened;
  let [isRead, digest]: [boolean, string | undefined] = [false, undefined];
  return {
    shape,
    sizeBytes: packed.sizeBytes,
    async *records(from) {
      // One pass does both where the bytes of the file are what is cut.
      const isPlain = shape.compression === 'none' && opened.plan !== undefined && from === undefined;
      const hash = isPlain ? createHash('sha256') : undefined;
      yield* opened.batches(from, hash);
      await packed.file.verifyUnchanged();
      digest = hash?.digest('hex');
      isRead = true;
    },
    async sha256() {
      if (!isRead) throw new Error('the records were not read to their end');
      digest ??= await packed.file.sha256(options.signal);
      await packed.file.verifyUnchanged();
      return digest;
    },
    close: () => Promise.resolve(),
  };
}
