import { mixBits } from '../../datasets/text-hash.ts';
import type { WordBuffer } from '../words.ts';

/** Lengths of n-grams for a text: the usual one, the one for a short text, and the least words of a text that is only compared as a whole. */
interface Lengths {
  readonly usual: number;
  readonly short: number;
  readonly whole: number;
}

/** 13 words, 8 for short prompts (D-12). Where a script is written without spaces each character is a word, and a word has about two of them. */
const ofWords: Lengths = { usual: 13, short: 8, whole: 5 };
const ofCharacters: Lengths = { usual: 24, short: 16, whole: 10 };

export type NgramUnit = 'words' | 'characters';

/** By what a text is compared: characters where most of its words are single characters. */
export function ngramUnitOf({ count, spaceless }: WordBuffer): NgramUnit {
  return spaceless * 2 > count ? 'characters' : 'words';
}

function lengthsOf(words: WordBuffer): Lengths {
  return ngramUnitOf(words) === 'words' ? ofWords : ofCharacters;
}

/** Every length an n-gram can have. */
export const ngramLengths: readonly number[] = [ofWords, ofCharacters].flatMap(({ usual, short }) => [usual, short]);

/** The length of the n-grams that stand for the text of a task, `whole` where it is too short for any, null where it says too little. */
export function ngramLengthOf(words: WordBuffer): number | 'whole' | null {
  const { usual, short, whole } = lengthsOf(words);
  if (words.count >= usual) return usual;
  if (words.count >= short) return short;
  return words.count >= whole ? 'whole' : null;
}

const [firstBase, secondBase] = [0x9e3779b1, 0x85ebca6b];

function power(base: number, exponent: number): number {
  let result = 1;
  for (let index = 0; index < exponent; index += 1) result = Math.imul(result, base);
  return result;
}

/** Calls `found` with the 64-bit key of every run of `length` words (Rabin-Karp, two hashes that know nothing of one another). */
export function eachNgram(words: WordBuffer, length: number, found: (high: number, low: number) => void): void {
  const { first, second, count } = words;
  const [firstLeaves, secondLeaves] = [power(firstBase, length), power(secondBase, length)];
  let [high, low] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    high = (Math.imul(high, firstBase) + (first[index] ?? 0)) | 0;
    low = (Math.imul(low, secondBase) + (second[index] ?? 0)) | 0;
    if (index >= length) {
      high = (high - Math.imul(first[index - length] ?? 0, firstLeaves)) | 0;
      low = (low - Math.imul(second[index - length] ?? 0, secondLeaves)) | 0;
    }
    if (index >= length - 1) found(mixBits(high ^ length), mixBits(low ^ length));
  }
}

const wholeMark = 0x57484f4c;

/** The key of a text as a whole. */
export function wholeKey(words: WordBuffer): { readonly high: number; readonly low: number } {
  let [high, low] = [0, 0];
  eachNgram(words, words.count, (one, other) => ([high, low] = [one, other]));
  return { high: mixBits(high ^ wholeMark), low: mixBits(low ^ wholeMark) };
}
