import { createNumberList, type NumberList } from './number-list.ts';
import type { ShingleStore } from './shingle-store.ts';

/** In one bucket a text looks at so many earlier ones, and compares itself with so many of them. */
const [mostLookedAt, mostCompared] = [64, 16];
const lookUpsPerStep = 20_000;

/** What is looked up in the bands: a text at a level of sampling. */
export interface BandEntries {
  readonly texts: NumberList;
  readonly levels: NumberList;
}

/** A text this close to the bound may have its like on the next level, where only half of the shingles speak. */
const nearBound = 0.7;

/** Every text with shingles at its own level, and one whose like may stand on the next level there as well. */
export function bandEntries(store: ShingleStore, mostShingles: number): BandEntries {
  const [texts, levels] = [createNumberList(), createNumberList()];
  for (let text = 0; text < store.count; text += 1) {
    const { length } = store.shinglesOf(text);
    if (length === 0) continue;
    const level = store.levelOf(text);
    texts.push(text);
    levels.push(level);
    if (length < nearBound * mostShingles) continue;
    texts.push(text);
    levels.push(level + 1);
  }
  return { texts, levels };
}

export interface BandWork {
  /** Keys of all bands of entry 0, then of entry 1, ... */
  readonly keys: Uint32Array;
  /** The text of each entry. */
  readonly texts: NumberList;
  readonly bands: number;
  readonly root: (text: number) => number;
  readonly joinIfNear: (first: number, second: number) => void;
}

/** Goes through one band after the other with one table for all of them, so memory does not grow with the bands. Gives the share that is done. */
export function* joinByBands({ keys, texts, bands, root, joinIfNear }: BandWork): Generator<number, void, undefined> {
  const { length } = texts;
  const mask = 2 ** Math.ceil(Math.log2(Math.max(2, length * 1.5))) - 1;
  const heads = new Uint32Array(mask + 1);
  const following = new Uint32Array(length);
  const compareWithBucket = (entry: number, band: number): void => {
    const [key, text] = [keys[entry * bands + band] ?? 0, texts.at(entry)];
    let [lookedAt, compared] = [0, 0];
    for (let place = heads[key & mask] ?? 0; place !== 0; place = following[place - 1] ?? 0) {
      if (keys[(place - 1) * bands + band] !== key) continue;
      const other = texts.at(place - 1);
      if (root(other) !== root(text)) {
        compared += 1;
        joinIfNear(other, text);
      }
      lookedAt += 1;
      if (lookedAt >= mostLookedAt || compared >= mostCompared) break;
    }
    following[entry] = heads[key & mask] ?? 0;
    heads[key & mask] = entry + 1;
  };
  for (let band = 0; band < bands; band += 1) {
    heads.fill(0);
    for (let entry = 0; entry < length; entry += 1) {
      compareWithBucket(entry, band);
      if (entry % lookUpsPerStep === lookUpsPerStep - 1) yield (band + entry / length) / bands;
    }
  }
}
