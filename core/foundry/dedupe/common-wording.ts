/** A shingle in more than this share of the texts (and in more than 10) is wording around the texts, not the texts: a fixed instruction, a signature. */
const commonShare = 0.1;
const commonCount = 10;
const buckets = 1 << 20;

/** Counts in how many texts a shingle stands, and takes out those that stand in a large part of them. 4 MiB, whatever the number of texts. */
export interface CommonWording {
  /** Counts the distinct shingles of one more text. */
  count(shingles: Uint32Array): void;
  /**
   * The shingles of a text without the common ones, in `room` or as they came. A text made of nothing but common ones keeps them: where one answer fills
   * a tenth of the rows, that is no wording around it.
   */
  without(shingles: Uint32Array, room: Uint32Array): Uint32Array;
  readonly sizeBytes: number;
}

export function createCommonWording(): CommonWording {
  const counts = new Uint32Array(buckets);
  let [texts, most] = [0, 0];
  return {
    sizeBytes: counts.byteLength,
    count(shingles) {
      texts += 1;
      for (let index = 0; index < shingles.length; index += 1) {
        const bucket = (shingles[index] ?? 0) & (buckets - 1);
        const count = (counts[bucket] ?? 0) + 1;
        counts[bucket] = count;
        if (count > most) most = count;
      }
    },
    without(shingles, room) {
      const limit = Math.max(commonCount, texts * commonShare);
      if (most <= limit) return shingles;
      let kept = 0;
      for (let index = 0; index < shingles.length; index += 1) {
        const hash = shingles[index] ?? 0;
        if ((counts[hash & (buckets - 1)] ?? 0) <= limit) room[kept++] = hash;
      }
      return kept === 0 ? shingles : room.subarray(0, kept);
    },
  };
}
