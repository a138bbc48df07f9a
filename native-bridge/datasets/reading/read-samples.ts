import type { PackedFile } from './packed-file.ts';

/** What is looked at before a file is read (D-1): its beginning, and pieces from elsewhere where they can be had. */
export interface FileSamples {
  readonly head: Buffer;
  /** The head is everything. */
  readonly isWhole: boolean;
  /** Why the end of a whole head is not the real end (a packed file that was cut short), in words. */
  readonly damage: string | undefined;
  /** Pieces of 64 KiB from random places and the end, in file order; none for what is compressed. */
  readonly others: readonly Buffer[];
  /** Where each piece begins. */
  readonly otherOffsets: readonly number[];
}

export const headBytes = 1_048_576;
const pieceBytes = 65_536;
const randomPieces = 16;

/** Numbers that are the same for the same seed: Marsaglia's xorshift, 32 bits. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function sampleOffsets(sizeBytes: number, behind: number): number[] {
  const last = sizeBytes - pieceBytes;
  if (last <= behind) return sizeBytes > behind ? [behind] : [];
  // The same file gives the same places, so a preview does not change from one look to the next.
  const random = randomNumbers(sizeBytes);
  const places = Array.from({ length: randomPieces }, () => behind + Math.floor(random() * (last - behind)));
  return [...new Set([...places, last])].toSorted((a, b) => a - b);
}

interface Piece {
  readonly bytes: Buffer;
  readonly damage: string | undefined;
}

async function readPiece(packed: PackedFile, offset: number, length: number): Promise<Piece> {
  const input = await packed.open(offset);
  try {
    const target = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < length; filled += read) read = await input.read(target, filled);
    return { bytes: target.subarray(0, filled), damage: filled < length ? input.damage?.() : undefined };
  } finally {
    await input.close();
  }
}

/** Reads at most `bytes` (default 1 MiB) of the beginning and 17 pieces of 64 KiB. */
export async function readSamples(packed: PackedFile, bytes: number = headBytes): Promise<FileSamples> {
  const { bytes: head, damage } = await readPiece(packed, 0, bytes + 1);
  const isWhole = head.length <= bytes;
  const otherOffsets = isWhole || packed.compression !== 'none' ? [] : sampleOffsets(packed.sizeBytes, bytes);
  const others: Buffer[] = [];
  for (const offset of otherOffsets) others.push((await readPiece(packed, offset, pieceBytes)).bytes);
  return { head: head.subarray(0, bytes), isWhole, damage, others, otherOffsets };
}

/** More of the beginning, up to `bytes`; what was read before is not read again where nothing is packed. */
export async function withLongerHead(packed: PackedFile, samples: FileSamples, bytes: number): Promise<FileSamples> {
  const known = packed.compression === 'none' ? samples.head : Buffer.alloc(0);
  const { bytes: more, damage } = await readPiece(packed, known.length, bytes + 1 - known.length);
  const head = Buffer.concat([known, more]);
  return { ...samples, head: head.subarray(0, bytes), isWhole: head.length <= bytes, damage };
}
