import { mixBits } from '../datasets/text-hash.ts';

/** The words of one text as hashes. Reused from text to text: only the first `count` entries hold. */
export interface WordBuffer {
  count: number;
  /** How many of them are single characters of a script that is written without spaces. */
  spaceless: number;
  /** Two independent 32-bit hashes of each word: together 64 bits. */
  first: Uint32Array;
  second: Uint32Array;
}

export function createWordBuffer(): WordBuffer {
  return { count: 0, spaceless: 0, first: new Uint32Array(1024), second: new Uint32Array(1024) };
}

const [separator, wordCharacter, spacelessCharacter] = [0, 1, 2];
const spacelessScripts =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u;
const wordCharacters = /[\p{L}\p{N}\p{M}]/u;
/** First halves of the surrogate pairs of U+20000 to U+3FFFF, the rarer Han characters. */
const [firstRareHan, lastRareHan] = [0xd840, 0xd8bf];

function classOf(unit: number): number {
  if (unit >= firstRareHan && unit <= lastRareHan) return spacelessCharacter;
  if (unit >= 0xd800 && unit <= 0xdfff) return separator;
  const character = String.fromCharCode(unit);
  if (!wordCharacters.test(character)) return separator;
  return spacelessScripts.test(character) ? spacelessCharacter : wordCharacter;
}

let classes: Uint8Array | undefined;

/** What each UTF-16 unit is; made at the first use (some 20 ms). */
function unitClasses(): Uint8Array {
  classes ??= Uint8Array.from({ length: 65_536 }, (_, unit) => classOf(unit));
  return classes;
}

/** Whether a text holds anything that NFKC could change. */
export const beyondAscii: RegExp = /[^\0-\x7f]/;

/** Folds what does not tell two texts apart, as cheaply as the text allows: Unicode form (NFKC) and case. */
export function foldCharacters(text: string): string {
  return beyondAscii.test(text) ? text.normalize('NFKC').toLowerCase() : text.toLowerCase();
}

const [firstStart, firstFactor] = [0x811c9dc5, 0x01000193];
const [secondStart, secondFactor] = [0x2545f491, 0x5bd1e995];

function grown(array: Uint32Array): Uint32Array {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function addWord(words: WordBuffer, first: number, second: number): void {
  if (words.count === words.first.length) {
    words.first = grown(words.first);
    words.second = grown(words.second);
  }
  words.first[words.count] = mixBits(first);
  words.second[words.count] = mixBits(second);
  words.count += 1;
}

/**
 * Fills `words` with the words of a text: runs of letters, digits and marks, folded (NFKC, lower case); punctuation and spaces only part them. Where a
 * script is written without spaces every character is a word of its own, so that five words are five characters there (D-10).
 */
export function scanWords(text: string, words: WordBuffer): void {
  const folded = foldCharacters(text);
  const table = unitClasses();
  let [first, second, inside] = [firstStart, secondStart, false];
  words.count = 0;
  words.spaceless = 0;
  for (let index = 0; index < folded.length; index += 1) {
    const unit = folded.charCodeAt(index);
    const kind = table[unit];
    if (kind === wordCharacter) {
      first = Math.imul(first ^ unit, firstFactor);
      second = Math.imul(second ^ unit, secondFactor) ^ (second >>> 15);
      inside = true;
      continue;
    }
    if (inside) {
      addWord(words, first, second);
      [first, second, inside] = [firstStart, secondStart, false];
    }
    if (kind === separator) continue;
    const rest = unit >= firstRareHan && unit <= lastRareHan ? folded.charCodeAt((index += 1)) : 0;
    addWord(
      words,
      Math.imul(unit ^ firstStart, firstFactor) ^ rest,
      Math.imul(unit ^ secondStart, secondFactor) ^ (rest << 7),
    );
    words.spaceless += 1;
  }
  if (inside) addWord(words, first, second);
}
