import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { AppendFile } from './append-file.ts';
import { versionFolder, type StoreFolders } from './store-places.ts';

/**
 * Rows behind the figures of a version's last study: `datasets/<name>/v<n>/study-rows.bin`. When the study was made (64-bit float), how many lists there are,
 * where each ends (32 bits, in places), then the places of all lists. Little endian, as every machine it runs on.
 */
function fileOf(folders: StoreFolders, version: Pick<DatasetVersion, 'name' | 'version'>): string {
  return path.join(versionFolder(folders, version), 'study-rows.bin');
}

const headBytes = 12;
const numberBytes = 4;

export interface FigureRows {
  readonly madeAt: number;
  readonly lists: readonly Uint32Array[];
}

/** Replaces the lists of an earlier study. The file is written in `folder` first. */
export async function writeFigureRows(
  folders: StoreFolders,
  version: Pick<DatasetVersion, 'name' | 'version'>,
  { madeAt, lists, folder }: FigureRows & { readonly folder: string },
): Promise<void> {
  const half = path.join(folder, 'study-rows.bin');
  const output = new AppendFile(half, 0);
  try {
    const head = Buffer.alloc(headBytes + lists.length * numberBytes);
    head.writeDoubleLE(madeAt, 0);
    head.writeUInt32LE(lists.length, 8);
    let end = 0;
    for (const [index, list] of lists.entries()) {
      end += list.length;
      head.writeUInt32LE(end, headBytes + index * numberBytes);
    }
    output.append(head);
    for (const list of lists) output.append(new Uint8Array(list.buffer, list.byteOffset, list.byteLength));
    await output.sync();
  } finally {
    output.close();
  }
  await rename(half, fileOf(folders, version));
}

/** The places of some lists together, ascending, each once; null where the lists are not of that study. */
export async function readFigureRows(
  folders: StoreFolders,
  version: Pick<DatasetVersion, 'name' | 'version'>,
  wanted: { readonly madeAt: number; readonly lists: readonly number[] },
): Promise<Uint32Array | null> {
  const handle = await open(fileOf(folders, version), 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  const read = async (bytes: number, position: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(buffer, 0, bytes, position);
    return buffer.subarray(0, bytesRead);
  };
  try {
    const head = await read(headBytes, 0);
    if (head.length < headBytes || head.readDoubleLE(0) !== wanted.madeAt) return null;
    const count = head.readUInt32LE(8);
    const ends = await read(count * numberBytes, headBytes);
    if (ends.length < count * numberBytes) return null;
    const endOf = (list: number): number => (list < 0 ? 0 : ends.readUInt32LE(list * numberBytes));
    const parts: Uint32Array[] = [];
    for (const list of wanted.lists) {
      if (list >= count) return null;
      const [first, end] = [endOf(list - 1), endOf(list)];
      const bytes = await read((end - first) * numberBytes, headBytes + (count + first) * numberBytes);
      if (bytes.length < (end - first) * numberBytes) return null;
      parts.push(new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
    }
    return together(parts);
  } finally {
    await handle.close();
  }
}

function together(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  all.sort();
  let kept = 0;
  for (const place of all) {
    if (kept > 0 && all[kept - 1] === place) continue;
    all[kept] = place;
    kept += 1;
  }
  return all.subarray(0, kept);
}

/** What stands in both; both are ascending. */
export function inBoth(one: Uint32Array, other: Uint32Array): Uint32Array {
  const shared = new Uint32Array(Math.min(one.length, other.length));
  let [left, right, kept] = [0, 0, 0];
  while (left < one.length && right < other.length) {
    const [a, b] = [one[left] ?? 0, other[right] ?? 0];
    if (a === b) {
      shared[kept] = a;
      kept += 1;
    }
    if (a <= b) left += 1;
    if (b <= a) right += 1;
  }
  return shared.subarray(0, kept);
}
