import { mixBits } from '../../datasets/text-hash.ts';

/** Bands of a signature, each of so many minimum hashes: texts that agree in one whole band become candidates. */
export interface Banding {
  readonly bands: number;
  readonly rowsPerBand: number;
}

/**
 * 14 x 8 as datatrove has it: candidates with a chance of 0.924 at a similarity of 0.8, 0.996 at 0.9, 0.06 at 0.6 (1 - (1 - s^8)^14).
 * Below a threshold of 0.7 it would miss most, so 40 x 4 there: 0.996 at 0.6.
 */
export function bandingFor(threshold: number): Banding {
  return threshold >= 0.7 ? { bands: 14, rowsPerBand: 8 } : { bands: 40, rowsPerBand: 4 };
}

/**
 * Min-wise hashing (Broder 1997) with linear permutations `a x + b` modulo 2^32 of hashes that are well mixed before. The function writes the key of
 * each band for a set of shingles at `keys[at]` onwards; `seed` chooses the permutations.
 */
export function createBandKeys(
  { bands, rowsPerBand }: Banding,
  seed: number,
): (shingles: Uint32Array, keys: Uint32Array, at: number) => void {
  const length = bands * rowsPerBand;
  const factors = Int32Array.from({ length }, (_, index) => mixBits(mixBits(seed) + 2 * index + 1) | 1);
  const offsets = Int32Array.from({ length }, (_, index) => mixBits(mixBits(seed ^ 0x3c6ef372) + 2 * index));
  const minima = new Int32Array(length);
  return (shingles, keys, place) => {
    for (let at = 0; at < length; at += 4) writeFourMinima(shingles, { factors, offsets, minima, at });
    for (let band = 0; band < bands; band += 1) {
      let key = mixBits(band + 1);
      for (let row = 0; row < rowsPerBand; row += 1) key = mixBits(key ^ (minima[band * rowsPerBand + row] ?? 0));
      keys[place + band] = key;
    }
  };
}

interface Permutations {
  readonly factors: Int32Array;
  readonly offsets: Int32Array;
  readonly minima: Int32Array;
  readonly at: number;
}

/** The least value of four permutations in one walk over the shingles; signed numbers, which the machine compares as they are. */
function writeFourMinima(shingles: Uint32Array, { factors, offsets, minima, at }: Permutations): void {
  const { length } = shingles;
  const [a, b, c, d] = [factors[at] ?? 1, factors[at + 1] ?? 1, factors[at + 2] ?? 1, factors[at + 3] ?? 1];
  const [e, f, g, h] = [offsets[at] ?? 0, offsets[at + 1] ?? 0, offsets[at + 2] ?? 0, offsets[at + 3] ?? 0];
  let [one, two, three, four] = [0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff];
  for (let index = 0; index < length; index += 1) {
    const shingle = (shingles[index] ?? 0) | 0;
    one = Math.min(one, (Math.imul(shingle, a) + e) | 0);
    two = Math.min(two, (Math.imul(shingle, b) + f) | 0);
    three = Math.min(three, (Math.imul(shingle, c) + g) | 0);
    four = Math.min(four, (Math.imul(shingle, d) + h) | 0);
  }
  [minima[at], minima[at + 1], minima[at + 2], minima[at + 3]] = [one, two, three, four];
}
