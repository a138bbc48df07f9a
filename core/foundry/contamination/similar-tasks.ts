import { createShingleStore, sortUnique, type ShingleStore } from '../dedupe/shingle-store.ts';
import type { WordBuffer } from '../words.ts';
import { ngramUnitOf } from './n-grams.ts';

/** A text of a task and how near a text is to it. */
export interface SimilarText {
  readonly task: number;
  /** Jaccard similarity of the sets of their words, above 0.8. */
  readonly similarity: number;
}

/**
 * Texts of tasks that use almost the same words as a given one: rephrased tasks have other word orders and single other words, so no long n-gram is left
 * of them (LMSYS llm-decontaminator). Exact, by prefix filtering with the rarest words first (Bayardo, Ma,
 * Srikant 2007), with prefixes long enough that three words must be shared (Wang, Li, Feng 2012).
 */
export interface SimilarTasks {
  /** Takes a text of a task of a set; before the first `find`. */
  add(words: WordBuffer, task: number, set: string): void;
  find(words: WordBuffer): SimilarText | null;
}

export const leastSimilarity = 0.8;
/** A set of fewer words says too little. */
const leastWords = { words: 8, characters: 20 } as const;
const mostWords = 4_096;
/** A word in half of the texts of a set does not tell them apart: stop words, the instruction that all of them begin with. */
const commonShare = 0.5;
const commonCount = 10;
/** Similar texts share at least so many words of their prefixes. */
const sharedInPrefix = 3;

/** Similar sets share three words at least among so many of their rarest ones. */
function prefixLength(words: number): number {
  return Math.min(words, words - Math.ceil(leastSimilarity * words) + sharedInPrefix);
}

interface WordIndex {
  /** In how many texts a word stands, 0 for one that no text holds, -1 for a common one. */
  readonly frequencyOf: (word: number) => number;
  /** The words of each text without the common ones, ascending. */
  readonly texts: readonly Uint32Array[];
  /** The texts among whose rarest words a word is. */
  readonly textsWith: (word: number) => readonly number[];
}

export function createSimilarTasks(): SimilarTasks {
  const store = createShingleStore(mostWords);
  const tasks: number[] = [];
  const frequencies = new Map<number, number>();
  const sets = new Map<string, SetWords>();
  let findNearest: ((words: WordBuffer, least: number) => NearestText | null) | null = null;
  return {
    add(words, task, set) {
      if (words.count < leastWords[ngramUnitOf(words)] || words.count > mostWords) return;
      store.add(words.first.slice(0, words.count), words.count);
      const ofSet = sets.get(set) ?? { texts: 0, counts: new Map<number, number>() };
      sets.set(set, ofSet);
      ofSet.texts += 1;
      for (const word of store.shinglesOf(store.count - 1)) {
        frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
        ofSet.counts.set(word, (ofSet.counts.get(word) ?? 0) + 1);
      }
      tasks.push(task);
    },
    find(words) {
      const least = leastWords[ngramUnitOf(words)];
      if (store.count === 0 || words.count < least || words.count > mostWords) return null;
      findNearest ??= createNearestText(indexWords(store, frequencies, commonWords(sets.values())));
      const nearest = findNearest(words, least);
      return nearest === null ? null : { task: tasks[nearest.text] ?? 0, similarity: nearest.similarity };
    },
  };
}

interface NearestText {
  readonly text: number;
  readonly similarity: number;
}

/** Counts for every text how many words of the two prefixes it shares, and compares those that share enough. */
function createNearestText(index: WordIndex): (words: WordBuffer, least: number) => NearestText | null {
  const { frequencyOf, texts, textsWith } = index;
  const shared = new Uint8Array(texts.length);
  const [sorted, room] = [new Uint32Array(mostWords), new Float64Array(mostWords)];
  const candidatesFor = (prefix: Float64Array): number[] => {
    const [touched, candidates]: [number[], number[]] = [[], []];
    for (const word of prefix) {
      for (const text of textsWith(word % wordRange)) {
        const count = (shared[text] ?? 0) + 1;
        if (count === 1) touched.push(text);
        if (count === sharedInPrefix) candidates.push(text);
        if (count <= sharedInPrefix) shared[text] = count;
      }
    }
    for (const text of touched) shared[text] = 0;
    return candidates;
  };
  return ({ first, count }, least) => {
    sorted.set(first.subarray(0, count));
    const distinct = sorted.subarray(0, sortUnique(sorted, count));
    const { ordered, unknown } = rarestFirst(distinct, frequencyOf, room);
    if (ordered.length < least || unknown > ordered.length - Math.ceil(leastSimilarity * ordered.length)) return null;
    const candidates = candidatesFor(ordered.subarray(unknown, prefixLength(ordered.length)));
    const own = candidates.length === 0 ? distinct : distinct.filter((word) => frequencyOf(word) >= 0);
    let best: NearestText | null = null;
    for (const text of candidates) {
      const similarity = jaccard(own, texts[text] ?? own);
      if (similarity > (best?.similarity ?? leastSimilarity)) best = { text, similarity };
    }
    return best;
  };
}

interface SetWords {
  texts: number;
  /** In how many texts of the set a word stands. */
  readonly counts: Map<number, number>;
}

function commonWords(sets: Iterable<SetWords>): ReadonlySet<number> {
  const common = new Set<number>();
  for (const { texts, counts } of sets) {
    const limit = Math.max(commonCount, texts * commonShare);
    for (const [word, count] of counts) if (count > limit) common.add(word);
  }
  return common;
}

function indexWords(
  { count, shinglesOf }: ShingleStore,
  frequencies: ReadonlyMap<number, number>,
  common: ReadonlySet<number>,
): WordIndex {
  const told = new Map(frequencies);
  for (const word of common) told.set(word, -1);
  const frequencyOf = (word: number): number => told.get(word) ?? 0;
  const postings = new Map<number, number[]>();
  const room = new Float64Array(mostWords);
  const texts: Uint32Array[] = [];
  for (let text = 0; text < count; text += 1) {
    const all = shinglesOf(text);
    texts.push(all.filter((word) => frequencyOf(word) >= 0));
    const { ordered } = rarestFirst(all, frequencyOf, room);
    for (const word of ordered.subarray(0, prefixLength(ordered.length))) {
      const holding = postings.get(word % wordRange);
      if (holding === undefined) postings.set(word % wordRange, [text]);
      else holding.push(text);
    }
  }
  return { frequencyOf, texts, textsWith: (word) => postings.get(word) ?? [] };
}

const wordRange = 2 ** 32;

/** The words that are not common, ascending by frequency, then by hash, as frequency x 2^32 + hash; and how many of them no text holds. */
function rarestFirst(
  words: Uint32Array,
  frequencyOf: (word: number) => number,
  room: Float64Array,
): { readonly ordered: Float64Array; readonly unknown: number } {
  let [length, unknown] = [0, 0];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    const frequency = frequencyOf(word);
    if (frequency < 0) continue;
    if (frequency === 0) unknown += 1;
    room[length++] = frequency * wordRange + word;
  }
  return { ordered: room.subarray(0, length).sort(), unknown };
}

/** 0 where the sizes alone show that it lies below the bound. */
function jaccard(first: Uint32Array, second: Uint32Array): number {
  if (Math.min(first.length, second.length) < leastSimilarity * Math.max(first.length, second.length)) return 0;
  let [i, j, common] = [0, 0, 0];
  while (i < first.length && j < second.length) {
    const [a, b] = [first[i] ?? 0, second[j] ?? 0];
    if (a === b) common += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  return common / Math.max(1, first.length + second.length - common);
}
