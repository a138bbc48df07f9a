import type { RepeatedWording } from '#contract/study.ts';
import { mixBits } from '../../datasets/text-hash.ts';
import { createWordBuffer, foldCharacters, scanWords, type WordBuffer } from '../words.ts';
import { createRowCounter, type RowCounter } from './row-links.ts';

/** Wordings that stand in many texts: the sign of a model that always says the same (mode collapse). */
export interface RepeatedWordings {
  add(text: string, id: string): void;
  /** The most frequent, at most 20; of windows over one longer passage only one. */
  top(): RepeatedWording[];
}

export interface WordingOptions {
  /** Words in a row. */
  readonly words: number;
  /** Only the first ones of each text. */
  readonly openingOnly: boolean;
}

interface Candidate {
  readonly text: string;
  /** What the sketch said when it became a candidate; the true count may be that much lower. */
  readonly before: number;
  readonly rows: RowCounter;
}

const buckets = 1 << 21;
/** A wording is followed from here on, and only those in this share of the texts. */
const [leastCount, leastShare] = [5, 0.002];
const mostCandidates = 4_000;
const mostShown = 20;
/** Characters; a word of a file may be a megabyte long. */
const longestWording = 300;
/** Windows that share so many words are one passage. */
const leastShared = 3;

/** In how many texts a hash of 64 bits stands, never too low. */
interface TextCounts {
  nextText(): void;
  /** Counts the hash for the text that is read, once; gives the estimate. */
  count(high: number, low: number): number;
  readonly texts: number;
}

/** A count-min sketch of two rows (Cormode and Muthukrishnan 2005): 34 MB, whatever the number of texts. */
function createTextCounts(): TextCounts {
  const sketch = [new Uint32Array(buckets), new Uint32Array(buckets)] as const;
  const lastText = [new Uint32Array(buckets), new Uint32Array(buckets)] as const;
  let texts = 0;
  const countIn = (row: 0 | 1, hash: number): number => {
    const bucket = hash & (buckets - 1);
    if (lastText[row][bucket] !== texts) {
      lastText[row][bucket] = texts;
      sketch[row][bucket] = (sketch[row][bucket] ?? 0) + 1;
    }
    return sketch[row][bucket] ?? 0;
  };
  return {
    get texts() {
      return texts;
    },
    nextText() {
      texts += 1;
    },
    count: (high, low) => Math.min(countIn(0, high), countIn(1, low)),
  };
}

/** The wordings that are followed by themselves; the rarer half goes when there are too many. */
function createCandidates(): { follow(key: number, id: string, begin: () => Candidate): void; all(): Candidate[] } {
  let candidates = new Map<number, Candidate>();
  const ordered = (): [number, Candidate][] =>
    [...candidates].toSorted(([, one], [, other]) => countOf(other) - countOf(one));
  return {
    follow(key, id, begin) {
      const candidate = candidates.get(key) ?? begin();
      candidate.rows.add(id);
      candidates.set(key, candidate);
      if (candidates.size > mostCandidates) candidates = new Map(ordered().slice(0, mostCandidates / 2));
    },
    all: () => ordered().map(([, candidate]) => candidate),
  };
}

/** One pass in bounded memory: a sketch counts in how many texts a wording stands; what passes a bound is followed by itself. */
export function createRepeatedWordings({ words: length, openingOnly }: WordingOptions): RepeatedWordings {
  const words = createWordBuffer();
  const counts = createTextCounts();
  const candidates = createCandidates();
  return {
    add(text, id) {
      scanWords(text, words);
      counts.nextText();
      const last = openingOnly ? Math.min(0, words.count - length) : words.count - length;
      const counted = new Set<number>();
      for (let start = 0; start <= last; start += 1) {
        const [high, low] = hashesAt(words, start, length);
        const estimate = counts.count(high, low);
        if (estimate < leastCount || estimate < counts.texts * leastShare) continue;
        const key = high * 2 ** 21 + (low >>> 11);
        if (counted.has(key)) continue;
        counted.add(key);
        const begin = (): Candidate => ({
          text: wordingAt(text, start, length),
          before: estimate - 1,
          rows: createRowCounter(null),
        });
        candidates.follow(key, id, begin);
      }
    },
    top: () => shownOf(candidates.all(), counts.texts),
  };
}

function hashesAt({ first, second }: WordBuffer, start: number, length: number): readonly [high: number, low: number] {
  let [high, low] = [0, 0];
  for (let place = start; place < start + length; place += 1) {
    high = mixBits(high ^ (first[place] ?? 0));
    low = mixBits(Math.imul(low, 31) ^ (second[place] ?? 0));
  }
  return [high, low];
}

function shownOf(candidates: readonly Candidate[], texts: number): RepeatedWording[] {
  const shown: Candidate[] = [];
  for (const candidate of candidates) {
    if (shown.length === mostShown || countOf(candidate) < texts * leastShare) break;
    if (!shown.some(({ text }) => isOnePassage(text, candidate.text))) shown.push(candidate);
  }
  return shown.map((candidate) => ({
    text: candidate.text,
    share: Math.min(1, countOf(candidate) / Math.max(1, texts)),
    error: candidate.before,
    // Thousands are followed to find these few, so only the first rows of each are known.
    rows: { count: countOf(candidate), ids: candidate.rows.link().ids },
  }));
}

function countOf({ before, rows }: Candidate): number {
  return before + rows.count;
}

const spaceless =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Bopomofo}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}\\p{scx=Tibetan}';
const wordPattern = new RegExp(`[${spaceless}]|(?:(?![${spaceless}])[\\p{L}\\p{N}\\p{M}])+`, 'gu');

/** The words of a place, read again as a person reads them; only done when a wording is first followed. */
function wordingAt(text: string, start: number, length: number): string {
  const found: string[] = [];
  let index = 0;
  for (const [word] of foldCharacters(text).matchAll(wordPattern)) {
    if (index >= start) found.push(word);
    index += 1;
    if (found.length === length) break;
  }
  const isSpaceless = found.every((word) => [...word].length === 1);
  return found.join(isSpaceless ? '' : ' ').slice(0, longestWording);
}

function isOnePassage(one: string, other: string): boolean {
  if (one.includes(' ') !== other.includes(' ')) return false;
  const separator = one.includes(' ') ? ' ' : '';
  const [a, b] = [one.split(separator), other.split(separator)];
  for (let shared = Math.min(leastShared, a.length); shared <= a.length; shared += 1) {
    const [headA, tailA] = [a.slice(0, shared).join(separator), a.slice(-shared).join(separator)];
    if (b.slice(-shared).join(separator) === headA || b.slice(0, shared).join(separator) === tailA) return true;
  }
  return false;
}
