import type { Hash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { RecordShape } from '#core/foundry/record-source.ts';
import { checkDatasetFile } from '../../files/dataset-source.ts';
import { stableFile, type ByteInput, type StableFile } from './byte-input.ts';
import { inflatingInput, skippingInput, type ExpansionLimits } from './inflating-input.ts';
import { zipEntries, type ZipEntry } from './zip-entries.ts';

/** A file with its packing taken off. */
export interface PackedFile {
  readonly file: StableFile;
  readonly compression: RecordShape['compression'];
  /** Bytes that are read of the file: progress is measured against it. */
  readonly sizeBytes: number;
  /** The decompressed bytes from an offset on. `hash` is fed only where nothing is compressed. */
  open(offset: number, hash?: Hash): Promise<ByteInput>;
}

/** Issue 5, bad input: a bomb is refused with its ratio. */
const usualLimits = { ratio: 200, bytes: 2 ** 30 };

export type PackingOptions = Partial<Omit<ExpansionLimits, 'path'>>;

async function limitsOf(place: string, options: PackingOptions): Promise<ExpansionLimits> {
  const free = await statfs(path.dirname(place)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  );
  return { path: place, ...usualLimits, freeBytes: free, ...options };
}

async function firstBytes(file: StableFile, length: number): Promise<Buffer> {
  const input = await file.input();
  try {
    const head = Buffer.alloc(length);
    return head.subarray(0, await input.read(head, 0));
  } finally {
    await input.close();
  }
}

function compressionOf(head: Buffer): RecordShape['compression'] {
  const magic = head.toString('latin1');
  if (magic.startsWith('\u001f\u008b')) return 'gzip';
  if (magic.startsWith('(\u00b5/\u00fd')) return 'zstd';
  return magic.startsWith('PK\u0003\u0004') || magic.startsWith('PK\u0005\u0006') ? 'zip' : 'none';
}

/** How a file is packed, by its first bytes. */
export async function compressionAt(place: string): Promise<RecordShape['compression']> {
  const file = stableFile(place, await checkDatasetFile(place, Number.POSITIVE_INFINITY));
  return compressionOf(await firstBytes(file, 4));
}

async function chooseEntry(file: StableFile, name: string | undefined): Promise<ZipEntry> {
  const entries = await zipEntries(file.path);
  if (name !== undefined) {
    const found = entries.find((entry) => entry.name === name);
    if (found === undefined) throw new ForgeError('dataset.not-found', { path: `${file.path}/${name}` });
    return found;
  }
  const [only, second] = entries;
  if (only === undefined) {
    const looksLike = 'a ZIP archive without data files in it (Excel and Word files are such archives too)';
    throw new ForgeError('dataset.binary', { path: file.path, looksLike });
  }
  if (second !== undefined)
    throw new ForgeError('dataset.several-inside', { path: file.path, count: String(entries.length) });
  return only;
}

/**
 * Opens a file, packed or not. `entry` names one file inside a zip archive; without it the archive must hold one only.
 * @throws ForgeError dataset.not-found, dataset.not-a-file, dataset.not-readable, dataset.damaged, dataset.several-inside
 */
export async function openPacked(
  place: string,
  entry: string | undefined,
  options: PackingOptions,
): Promise<PackedFile> {
  const file = stableFile(place, await checkDatasetFile(place, Number.POSITIVE_INFINITY));
  const compression = compressionOf(await firstBytes(file, 4));
  const { sizeBytes } = file;
  if (compression === 'none')
    return { file, compression, sizeBytes, open: (offset, hash) => plainInput(file, offset, hash) };
  const limits = await limitsOf(place, options);
  if (compression !== 'zip') {
    const open = async (offset: number): Promise<ByteInput> =>
      skippingInput(inflatingInput(await file.input(), compression, limits), offset);
    return { file, compression, sizeBytes, open };
  }
  const chosen = await chooseEntry(file, entry);
  const range = { offset: chosen.dataStart, limit: chosen.dataStart + chosen.compressedBytes };
  const open = async (offset: number): Promise<ByteInput> => {
    const raw = await file.input(range);
    return skippingInput(chosen.isDeflated ? inflatingInput(raw, 'deflate', limits) : raw, offset);
  };
  return { file, compression, sizeBytes: chosen.compressedBytes, open };
}

/** The bytes in front of the offset belong to the file's digest as well. */
async function plainInput(file: StableFile, offset: number, hash: Hash | undefined): Promise<ByteInput> {
  if (hash === undefined) return file.input({ offset });
  return skippingInput(await file.input({ hash }), offset);
}
