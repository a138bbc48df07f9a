import type { CommonWording } from './common-wording.ts';
import { boundOf, firstAtLeast, type ShingleStore } from './shingle-store.ts';

/** Reads the shingles by which texts are compared. */
export interface ComparedShingles {
  /** The shingles of a text without common wording, at its own level of sampling or a higher one. Holds until the next call. */
  of(text: number, level: number): Uint32Array;
  /** Jaccard similarity of two texts, 0 to 1, at the coarser of their levels; 0 where their sizes alone show that it lies below `least`. */
  similarity(first: number, second: number, least: number): number;
}

export function createComparedShingles(
  store: ShingleStore,
  wording: CommonWording | null,
  mostShingles: number,
): ComparedShingles {
  const rooms = [new Uint32Array(mostShingles), new Uint32Array(mostShingles)] as const;
  const read = (text: number, level: number, room: Uint32Array): Uint32Array => {
    const all = store.shinglesOf(text);
    const told = wording === null ? all : wording.without(all, room);
    return level === 0 ? told : told.subarray(0, firstAtLeast(told, boundOf(level)));
  };
  return {
    of: (text, level) => read(text, level, rooms[0]),
    similarity(first, second, least) {
      const level = Math.max(store.levelOf(first), store.levelOf(second));
      return jaccard(read(first, level, rooms[0]), read(second, level, rooms[1]), least);
    },
  };
}

/** Share of common numbers of two sorted lists. */
function jaccard(first: Uint32Array, second: Uint32Array, least: number): number {
  const [shorter, longer] = [Math.min(first.length, second.length), Math.max(first.length, second.length)];
  if (shorter === 0 || shorter < least * longer) return 0;
  let [i, j, common] = [0, 0, 0];
  while (i < first.length && j < second.length) {
    const [a, b] = [first[i] ?? 0, second[j] ?? 0];
    if (a === b) common += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  return common / (first.length + second.length - common);
}
