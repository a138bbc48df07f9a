import { createUnionFind, type UnionFind } from '../../datasets/union-find.ts';
import { bandEntries, joinByBands } from './band-join.ts';
import { collectClusters } from './clusters.ts';
import { createCommonWording } from './common-wording.ts';
import { bandingFor, createBandKeys } from './min-hash.ts';
import { createNumberList } from './number-list.ts';
import { createPairList } from './pair-list.ts';
import { createShingleStore } from './shingle-store.ts';
import { createShingler, type ShingleUnit } from './shingles.ts';
import { createComparedShingles } from './similarity.ts';

export interface NearDuplicateOptions {
  /** Least Jaccard similarity of two texts that are near-equal, 0.5 to 1. Default 0.8. */
  readonly threshold?: number;
  /** Chooses the hash functions. The same seed and texts give the same clusters. Default 0. */
  readonly seed?: number;
  readonly unit?: ShingleUnit;
  /**
   * Shingles kept of one text, 64 to 65,536: longer texts keep a sample of them, and their similarity is estimated (standard error at 0.8 with the default
   * of 640: 0.016). It bounds the memory of a text to 4 bytes a shingle.
   */
  readonly mostShingles?: number;
  /** Leaves shingles out that a tenth of the texts share. Default true. */
  readonly ignoreCommonWording?: boolean;
}

/** Two texts (numbers in the order they came, `first` < `second`) and their similarity. */
export interface NearPair {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
}

/**
 * Near-equal texts (D-10): texts are added in any number of batches, then linked once; between two steps of `link` the work can be paused or given up.
 */
export interface NearDuplicates {
  /** Takes a text and gives its number, counted from 0. Throws RangeError once linking has begun. */
  add(text: string): number;
  /** Finds the pairs; gives the share that is done, 0 to 1, every few milliseconds. */
  link(): Generator<number, void, undefined>;
  /** The verified pairs that hold the clusters together: a chain or tree through each cluster, not all pairs in it. */
  pairs(): Generator<NearPair, void, undefined>;
  /** Clusters of two texts and more, each ascending, by their first text. */
  clusters(): Generator<readonly number[], void, undefined>;
  /** First text of the cluster that a text stands in; the text itself when it stands alone. */
  firstOf(text: number): number;
  readonly count: number;
  /** Bytes held, at the most. */
  readonly sizeBytes: number;
}

const defaultMostShingles = 640;
const signaturesPerStep = 500;
/** Share of the work that signatures are, for the progress. */
const signatureShare = 0.8;

export function createNearDuplicates(options: NearDuplicateOptions = {}): NearDuplicates {
  const { threshold = 0.8, seed = 0, unit = 'words', mostShingles = defaultMostShingles } = options;
  requireWithin('threshold', threshold, [0.5, 1]);
  requireWithin('mostShingles', mostShingles, [64, 65_536]);
  const shingle = createShingler(unit);
  const store = createShingleStore(mostShingles);
  const wording = options.ignoreCommonWording === false ? null : createCommonWording();
  const compared = createComparedShingles(store, wording, mostShingles);
  const banding = bandingFor(threshold);
  const found = createFoundPairs();
  let sets: UnionFind | undefined;
  return {
    get count() {
      return store.count;
    },
    get sizeBytes() {
      // Keys of the bands, entries, table and sets; twice as much where every text is an entry on two levels.
      const linking = 2 * store.count * (banding.bands * 4 + 20);
      return store.sizeBytes + linking + found.sizeBytes + (wording?.sizeBytes ?? 0);
    },
    add(text) {
      if (sets !== undefined) throw new RangeError('Texts can not be added once linking has begun.');
      const { hashes, count } = shingle(text);
      store.add(hashes, count);
      wording?.count(store.shinglesOf(store.count - 1));
      return store.count - 1;
    },
    *link() {
      const { root, join } = (sets = createUnionFind(store.count));
      const { texts, levels } = bandEntries(store, mostShingles);
      const keys = new Uint32Array(texts.length * banding.bands);
      const writeKeys = createBandKeys(banding, seed);
      for (let entry = 0; entry < texts.length; entry += 1) {
        writeKeys(compared.of(texts.at(entry), levels.at(entry)), keys, entry * banding.bands);
        if (entry % signaturesPerStep === signaturesPerStep - 1) yield (signatureShare * entry) / texts.length;
      }
      const joinIfNear = (first: number, second: number): void => {
        const similarity = compared.similarity(first, second, threshold);
        if (similarity < threshold) return;
        join(first, second);
        found.add({ first, second, similarity });
      };
      for (const share of joinByBands({ keys, texts, bands: banding.bands, root, joinIfNear })) {
        yield signatureShare + (1 - signatureShare) * share;
      }
      yield 1;
    },
    pairs: found.all,
    *clusters() {
      if (sets !== undefined) yield* collectClusters(store.count, sets.root);
    },
    firstOf: (text) => sets?.root(text) ?? text,
  };
}

interface FoundPairs {
  add(pair: NearPair): void;
  all(): Generator<NearPair, void, undefined>;
  readonly sizeBytes: number;
}

function createFoundPairs(): FoundPairs {
  const pairs = createPairList();
  const billionths = createNumberList();
  return {
    get sizeBytes() {
      return pairs.length * 12;
    },
    add({ first, second, similarity }) {
      pairs.add(first, second);
      billionths.push(Math.round(similarity * 1e9));
    },
    *all() {
      let index = 0;
      for (const [first, second] of pairs) yield { first, second, similarity: billionths.at(index++) / 1e9 };
    },
  };
}

function requireWithin(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (!(value >= low && value <= high)) throw new RangeError(`${name} must be ${low} to ${high}, not ${value}.`);
}
