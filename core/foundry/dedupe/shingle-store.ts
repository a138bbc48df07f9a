import { createNumberList } from './number-list.ts';

/** The shingles of many texts: sorted 32-bit hashes, each once. Texts are numbered from 0. */
export interface ShingleStore {
  readonly count: number;
  /** Bytes held. */
  readonly sizeBytes: number;
  /** Takes the first `length` of `hashes`, which it may reorder. */
  add(hashes: Uint32Array, length: number): void;
  /** A view into the store; empty when the text had no shingles. */
  shinglesOf(text: number): Uint32Array;
  /** How often the shingles of a text were halved: at level n one of 2^n is kept. */
  levelOf(text: number): number;
}

const pieceLength = 1 << 18;

/** Sorts the first `length` hashes and takes repeated ones out; gives how many are left. */
export function sortUnique(hashes: Uint32Array, length: number): number {
  hashes.subarray(0, length).sort();
  let kept = 0;
  for (let index = 0; index < length; index += 1) {
    const hash = hashes[index] ?? 0;
    if (kept === 0 || hashes[kept - 1] !== hash) hashes[kept++] = hash;
  }
  return kept;
}

/**
 * A text with more than `mostShingles` keeps a sample: those whose hash lies below a bound that is halved until few enough are left (FracMinHash,
 * Irber et al. 2022). The sample of equal levels is the same for equal shingles, so similarities stay unbiased; memory of a text is bounded.
 */
export function createShingleStore(mostShingles: number): ShingleStore {
  const pieces: Uint32Array[] = [];
  let used = pieceLength;
  const starts = createNumberList();
  const lengths = createNumberList();
  const levels = createNumberList();

  const roomFor = (length: number): Uint32Array => {
    if (used + length > pieceLength) {
      pieces.push(new Uint32Array(Math.max(pieceLength, length)));
      used = 0;
    }
    starts.push((pieces.length - 1) * pieceLength + used);
    used += length;
    return pieces.at(-1)?.subarray(used - length, used) ?? new Uint32Array(length);
  };
  return {
    get count() {
      return starts.length;
    },
    get sizeBytes() {
      return pieces.length * pieceLength * 4 + starts.length * 12;
    },
    add(hashes, length) {
      let kept = sortUnique(hashes, length);
      let level = 0;
      while (kept > mostShingles) {
        level += 1;
        kept = firstAtLeast(hashes.subarray(0, kept), boundOf(level));
      }
      roomFor(kept).set(hashes.subarray(0, kept));
      lengths.push(kept);
      levels.push(level);
    },
    shinglesOf(text) {
      const start = starts.at(text);
      const inPiece = start % pieceLength;
      return (
        pieces[(start - inPiece) / pieceLength]?.subarray(inPiece, inPiece + lengths.at(text)) ?? new Uint32Array()
      );
    },
    levelOf: (text) => levels.at(text),
  };
}

/** Hashes below this are kept at a level. */
export function boundOf(level: number): number {
  return 2 ** (32 - level);
}

/** Index of the first of sorted numbers that is not below `bound`. */
export function firstAtLeast(sorted: Uint32Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
