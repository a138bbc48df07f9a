import { beyondAscii } from '../words.ts';

/** SHA-256 of the UTF-8 bytes of a text, 32 bytes. Core knows no Node: the caller passes it, e.g. `(text) => hash('sha256', text, 'buffer')`. */
export type TextDigest = (text: string) => Uint8Array;

const unevenSpaces = /[^\S ]|^ | $| {2}/;

/** Folds as D-9 says: NFKC, lower case, runs of white space are one space, none at the ends. */
export function foldExactly(text: string): string {
  const folded = (beyondAscii.test(text) ? text.normalize('NFKC') : text).toLowerCase();
  return unevenSpaces.test(folded) ? folded.replace(/\s+/g, ' ').trim() : folded;
}

/** Finds texts that are equal once folded (D-9). */
export interface ExactDuplicates {
  /** Number of the first text that was equal to this one, or -1 for the first of its kind. Texts are numbered from 0 in the order they come. */
  add(text: string): number;
  readonly count: number;
}

/** 128 bits of the digest are kept: two different texts of a thousand million agree in them with a chance of 1.5e-21. */
const keptWords = 4;
const smallestTable = 1 << 12;

/** Open addressing over typed arrays: 16 to 32 bytes a text for its key and 8 to 16 for its place. `fold` says what does not tell two texts apart. */
export function createExactDuplicates(digest: TextDigest, fold = foldExactly): ExactDuplicates {
  let keys = new Uint32Array(smallestTable * keptWords);
  let places = new Uint32Array(smallestTable * 2);
  let count = 0;

  const isKey = (text: number, key: Uint32Array): boolean => {
    for (let word = 0; word < keptWords; word += 1) if (keys[text * keptWords + word] !== key[word]) return false;
    return true;
  };
  const slotOf = (key: Uint32Array): number => {
    const mask = places.length - 1;
    let slot = (key[0] ?? 0) & mask;
    for (;;) {
      const text = places[slot] ?? 0;
      if (text === 0 || isKey(text - 1, key)) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const grow = (): void => {
    const larger = new Uint32Array(keys.length * 2);
    larger.set(keys);
    keys = larger;
    places = new Uint32Array(places.length * 2);
    for (let text = 0; text < count; text += 1) {
      const slot = slotOf(keys.subarray(text * keptWords, (text + 1) * keptWords));
      if (places[slot] === 0) places[slot] = text + 1;
    }
  };
  const key = new Uint32Array(keptWords);
  const bytes = new Uint8Array(key.buffer);
  return {
    get count() {
      return count;
    },
    add(text) {
      bytes.set(digest(fold(text)).subarray(0, bytes.length));
      if ((count + 1) * keptWords > keys.length) grow();
      const slot = slotOf(key);
      const earlier = (places[slot] ?? 0) - 1;
      keys.set(key, count * keptWords);
      if (earlier < 0) places[slot] = count + 1;
      count += 1;
      return earlier;
    },
  };
}
