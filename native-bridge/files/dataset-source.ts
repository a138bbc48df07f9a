import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Stats } from 'node:fs';
import { ForgeError } from '#contract/errors.ts';
import { systemReason } from '#contract/errors/system-errors.ts';
import type { DatasetSource, SourceRecord } from '#core/datasets/dataset-source.ts';
import { createCsvSplitter } from './dataset-source-csv-splitter.ts';
import { createCsvParser } from './dataset-source-csv.ts';
import { createJsonParser } from './dataset-source-json.ts';
import { createJsonValueSplitter, createLineSplitter } from './dataset-source-lines.ts';
import { binaryKind, sniffDataset, type SniffedDataset } from './dataset-source-sniff.ts';
import { createRecordDecoder, createTranscoder, type RawRecord } from './dataset-source-text.ts';

export interface DatasetSourceOptions {
  /** Larger files are refused before they are read. Default 2 GiB. */
  readonly maximumBytes?: number;
  /** Longer records are rejected (TOO_LONG). Default 4 MiB. */
  readonly maximumRecordBytes?: number;
  /** Name to show for a stream without a path. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

const defaultMaximumBytes = 2 * 2 ** 30;
const chunkBytes = 262_144;
const headBytes = 4 * 1_048_576;
/** For the sentence of an empty file; the rule itself is `minimumRows` in core. */
const minimumRows = 8;

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

function inUnits(bytes: number): string {
  const gigabytes = bytes / 2 ** 30;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function openError(path: string, error: unknown): unknown {
  if (!isNodeError(error)) return error;
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return new ForgeError('dataset.not-found', { path });
  const reason = systemReason(error) ?? error.message;
  return new ForgeError('dataset.not-readable', { path, reason }, { cause: error });
}

/** Refuses what cannot be a dataset, from its entry in the folder alone. @throws ForgeError dataset.not-found and its like */
export async function checkDatasetFile(path: string, maximumBytes = defaultMaximumBytes): Promise<Stats> {
  const found = await stat(path).catch((error: unknown) => {
    throw openError(path, error);
  });
  if (found.isDirectory()) throw new ForgeError('dataset.is-directory', { path });
  if (!found.isFile()) throw new ForgeError('dataset.not-a-file', { path });
  refuseTooLarge(path, found.size, maximumBytes);
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw openError(path, error);
  });
  return found;
}

function refuseTooLarge(path: string, sizeBytes: number, maximumBytes: number): void {
  if (sizeBytes <= maximumBytes) return;
  throw new ForgeError('dataset.too-large', { path, size: inUnits(sizeBytes), limit: inUnits(maximumBytes) });
}

/** Chunks of a file that is not changed meanwhile. */
async function* fileChunks(path: string, before: Stats): AsyncGenerator<Buffer> {
  const file = await open(path, constants.O_RDONLY).catch((error: unknown) => {
    throw openError(path, error);
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null);
      if (bytesRead === 0) break;
      yield buffer.subarray(0, bytesRead);
    }
    const after = await file.stat();
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || after.ino !== before.ino) {
      throw new ForgeError('dataset.changed-while-reading', { path });
    }
  } catch (error) {
    throw isNodeError(error) && !(error instanceof ForgeError) ? openError(path, error) : error;
  } finally {
    await file.close();
  }
}

async function* asBuffers(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Reads the beginning of a stream; `rest` goes on with everything, the head included. */
async function takeHead(
  chunks: AsyncGenerator<Buffer>,
): Promise<{ head: Buffer; complete: boolean; rest: AsyncIterable<Buffer> }> {
  const taken: Buffer[] = [];
  let [bytes, complete] = [0, false];
  while (bytes < headBytes && !complete) {
    const next = await chunks.next();
    if (next.done === true) complete = true;
    else {
      taken.push(next.value);
      bytes += next.value.length;
    }
  }
  async function* rest(): AsyncGenerator<Buffer> {
    try {
      yield* taken;
      if (!complete) yield* chunks;
    } finally {
      await chunks.return(undefined);
    }
  }
  return { head: Buffer.concat(taken), complete, rest: rest() };
}

interface ReadingPlan {
  readonly name: string;
  readonly path: string;
  readonly sniffed: SniffedDataset;
  readonly maximumBytes: number;
  readonly maximumRecordBytes: number;
  readonly signal: AbortSignal | undefined;
}

function createPipeline(plan: ReadingPlan): {
  push(chunk: Buffer): SourceRecord[];
  end(): SourceRecord[];
} {
  const { container, delimiter, encoding } = plan.sniffed;
  const limits = { maximumRecordBytes: plan.maximumRecordBytes };
  const decode = createRecordDecoder(encoding.name);
  const transcoder = createTranscoder(encoding.name);
  const splitter =
    container === 'csv'
      ? createCsvSplitter(delimiter ?? ',', limits)
      : container === 'jsonl'
        ? createLineSplitter(limits)
        : createJsonValueSplitter(limits);
  const parseCsv = createCsvParser(delimiter ?? ',', decode);
  const parseJson = createJsonParser(decode);
  const parse = (records: readonly RawRecord[], isLast: boolean): SourceRecord[] =>
    container === 'csv' ? parseCsv(records) : parseJson(records, isLast);
  return {
    push: (chunk) => parse(splitter.push(transcoder.push(chunk)), false),
    end: () => [...parse(splitter.push(transcoder.end()), false), ...parse(splitter.end(), true)],
  };
}

async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  plan: ReadingPlan,
  hash: Hash,
): AsyncGenerator<SourceRecord[], number> {
  const pipeline = createPipeline(plan);
  let [sizeBytes, markBytes] = [0, plan.sniffed.markBytes];
  for await (const chunk of chunks) {
    plan.signal?.throwIfAborted();
    sizeBytes += chunk.length;
    refuseTooLarge(plan.path, sizeBytes, plan.maximumBytes);
    hash.update(chunk);
    const marked = Math.min(markBytes, chunk.length);
    markBytes -= marked;
    yield pipeline.push(chunk.subarray(marked));
  }
  yield pipeline.end();
  return sizeBytes;
}

function sourceOf(chunks: AsyncIterable<Buffer>, plan: ReadingPlan): DatasetSource {
  const hash = createHash('sha256');
  let fingerprint: { sizeBytes: number; sha256: string } | undefined;
  return {
    name: plan.name,
    path: plan.path,
    container: plan.sniffed.container,
    delimiter: plan.sniffed.delimiter,
    encoding: plan.sniffed.encoding,
    async *records() {
      const sizeBytes = yield* readRecords(chunks, plan, hash);
      fingerprint = { sizeBytes, sha256: hash.digest('hex') };
    },
    fingerprint() {
      if (fingerprint === undefined) throw new Error('the records were not read to their end');
      return fingerprint;
    },
    digest: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  };
}

/**
 * Opens a file (path) or a stream of examples: looks at its beginning and says what it is; the records are then read once, in
 * bounded memory (one chunk and one record). Throws ForgeError `dataset.*` for what cannot be read at all: missing, a folder, empty,
 * binary, too large, unreadable. What is wrong in single records is a record of kind `bad`, never an error.
 */
export async function openDatasetSource(
  input: string | AsyncIterable<Uint8Array>,
  options: DatasetSourceOptions = {},
): Promise<DatasetSource> {
  const maximumBytes = options.maximumBytes ?? defaultMaximumBytes;
  const path = typeof input === 'string' ? input : (options.name ?? 'the stream');
  const name = options.name ?? (typeof input === 'string' ? basename(input) : path);
  const chunks =
    typeof input === 'string' ? fileChunks(input, await checkDatasetFile(input, maximumBytes)) : asBuffers(input);
  const { head, complete, rest } = await takeHead(chunks);
  try {
    const looksLike = binaryKind(head);
    if (looksLike !== undefined) throw new ForgeError('dataset.binary', { path, looksLike });
    const sniffed = sniffDataset(head, complete);
    if (complete && head.subarray(sniffed.markBytes).every((byte) => byte <= 32)) {
      throw new ForgeError('dataset.empty', { path, minimum: minimumRows });
    }
    const maximumRecordBytes = options.maximumRecordBytes ?? 4 * 2 ** 20;
    return sourceOf(rest, { name, path, sniffed, maximumBytes, maximumRecordBytes, signal: options.signal });
  } catch (error) {
    await chunks.return(undefined);
    throw error;
  }
}
