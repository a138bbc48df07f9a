import { mixBits } from '../../datasets/text-hash.ts';
import { createWordBuffer, scanWords } from '../words.ts';
import { foldExactly } from './exact-duplicates.ts';

/** The hashes of a text's shingles in the order of the text, repeated ones included. Only the first `count` hold, until the next call. */
export interface Shingles {
  readonly hashes: Uint32Array;
  readonly count: number;
}

/**
 * `words`: 5 words in a row (D-10); a character of a script without spaces counts as a word. `characters`: 5 characters in a row, which also finds short
 * texts in which single words differ.
 */
export type ShingleUnit = 'words' | 'characters';

const shingleLength = 5;
/** Of a longer text only so many characters are read, which bounds the buffers. */
const mostCharacters = 1_000_000;
/** Odd, so that a change of one unit always changes the sum; its powers weigh the places. */
const base = 0x9e3779b1;
const leavingFactor = Math.imul(Math.imul(base, base), Math.imul(base, base));

/** Rabin-Karp over hashes of units: `sum` is the polynomial of the last five. */
function rollInto(hashes: Uint32Array, length: number, unitAt: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < length; index += 1) {
    if (index >= shingleLength) sum = (sum - Math.imul(unitAt(index - shingleLength), leavingFactor)) | 0;
    sum = (Math.imul(sum, base) + unitAt(index)) | 0;
    if (index >= shingleLength - 1) hashes[index - shingleLength + 1] = mixBits(sum);
  }
  if (length === 0 || length >= shingleLength) return Math.max(0, length - shingleLength + 1);
  hashes[0] = mixBits(sum ^ Math.imul(length, base));
  return 1;
}

/** A reader of shingles with buffers of its own. A text of fewer than five units is one shingle, one without units has none. */
export function createShingler(unit: ShingleUnit): (text: string) => Shingles {
  const words = createWordBuffer();
  let hashes = new Uint32Array(4096);
  const ensure = (length: number): void => {
    if (hashes.length < length) hashes = new Uint32Array(length * 2);
  };
  if (unit === 'words') {
    return (text) => {
      scanWords(text.slice(0, mostCharacters), words);
      ensure(words.count);
      const { first } = words;
      return { count: rollInto(hashes, words.count, (index) => first[index] ?? 0), hashes };
    };
  }
  return (text) => {
    const folded = foldExactly(text.slice(0, mostCharacters));
    ensure(folded.length);
    return { count: rollInto(hashes, folded.length, (index) => mixBits(folded.charCodeAt(index))), hashes };
  };
}
