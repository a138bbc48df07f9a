import { closeSync, openSync, readSync } from 'node:fs';

/**
 * One mark for every row in file order, 24 bytes: the row's id (16 bytes of its content's hash), and 8 bytes of the hash of the id that its file gave it
 * (zero for none).
 */
export const markBytes = 24;
const idBytes = 16;

const mark = Buffer.alloc(markBytes);

/**
 * The same bytes every time: to be copied before the next call.
 * @param id 32 hex characters; @param givenHash 16 hex characters, or null
 */
export function rowMark(id: string, givenHash: string | null): Uint8Array {
  mark.write(id, 0, idBytes, 'hex');
  if (givenHash === null) mark.fill(0, idBytes);
  else mark.write(givenHash, idBytes, markBytes - idBytes, 'hex');
  return mark;
}

/** A set of row places, one bit each. */
export class PlaceSet {
  readonly #bits: Uint8Array;
  count = 0;

  constructor(places: number) {
    this.#bits = new Uint8Array(Math.ceil(places / 8));
  }

  add(place: number): void {
    if (this.has(place)) return;
    this.#bits[place >>> 3] = (this.#bits[place >>> 3] ?? 0) | (1 << (place & 7));
    this.count += 1;
  }

  has(place: number): boolean {
    return ((this.#bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }
}

export interface Repeats {
  /** Rows whose content stood in an earlier row: they are merged into it. */
  readonly merged: PlaceSet;
  /** Rows that share a given id with a row of other content (DUP_ID). */
  readonly sharedIds: PlaceSet;
}

interface MarkPass {
  readonly file: string;
  readonly rows: number;
  readonly pause: () => Promise<void>;
}

const chunkMarks = 65_536;

/** Calls `visit` for every mark; pauses between pieces so that a cancel is heard. */
async function eachMark(
  { file, rows, pause }: MarkPass,
  visit: (bytes: DataView, at: number, place: number) => void,
): Promise<void> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafeSlow(chunkMarks * markBytes);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let first = 0; first < rows; first += chunkMarks) {
      const count = Math.min(chunkMarks, rows - first);
      const read = readSync(descriptor, chunk, 0, count * markBytes, first * markBytes);
      if (read !== count * markBytes) throw new Error(`${file} is shorter than its ${rows} marks`);
      for (let index = 0; index < count; index += 1) visit(view, index * markBytes, first + index);
      await pause();
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Keys of `words` 32-bit words that were met, with the place they were met first: open addressing, linear probing. */
class KeyTable {
  readonly #places: Uint32Array;
  readonly #keys: Uint32Array;
  readonly #firstPlaces: Uint32Array;
  readonly #words: number;
  readonly #mask: number;
  #count = 0;

  constructor(capacity: number, words: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 1.6)));
    this.#places = new Uint32Array(size);
    this.#keys = new Uint32Array(capacity * words);
    this.#firstPlaces = new Uint32Array(capacity);
    this.#words = words;
    this.#mask = size - 1;
  }

  /** The first place of this key; `place` itself when it is new. */
  firstOf(view: DataView, at: number, place: number): number {
    // The first word chose the pass, so the second chooses the slot.
    let slot = view.getUint32(at + 4, true) & this.#mask;
    for (;;) {
      const entry = this.#places[slot] ?? 0;
      if (entry === 0) break;
      if (this.#equals(entry - 1, view, at)) return this.#firstPlaces[entry - 1] ?? place;
      slot = (slot + 1) & this.#mask;
    }
    this.#places[slot] = this.#count + 1;
    for (let word = 0; word < this.#words; word += 1)
      this.#keys[this.#count * this.#words + word] = view.getUint32(at + word * 4, true);
    this.#firstPlaces[this.#count] = place;
    this.#count += 1;
    return place;
  }

  #equals(entry: number, view: DataView, at: number): boolean {
    for (let word = 0; word < this.#words; word += 1)
      if (this.#keys[entry * this.#words + word] !== view.getUint32(at + word * 4, true)) return false;
    return true;
  }
}

/** Keys that one pass over the marks holds in memory: some 30 MB. */
const usualPassKeys = 1_000_000;

interface FindOptions {
  /** Fewer make more passes; tests make it small. */
  readonly passKeys?: number;
  /** Called between pieces; throws to give up. */
  readonly pause?: () => Promise<void>;
}

/**
 * Exact repeats among any number of rows in bounded memory: the marks are read several times, each time for the part of the key space that fits. The first
 * row of its kind is kept, always, so the outcome depends on nothing but the rows.
 */
export async function findRepeats(
  file: string,
  rows: number,
  { passKeys = usualPassKeys, pause = () => Promise.resolve() }: FindOptions = {},
): Promise<Repeats> {
  const repeats = { merged: new PlaceSet(rows), sharedIds: new PlaceSet(rows) };
  const marks = { file, rows, pause };
  await inPasses(marks, { from: 0, words: 4, passKeys }, (place, first) => {
    if (first !== place) repeats.merged.add(place);
  });
  const isWanted = (view: DataView, at: number, place: number): boolean =>
    !repeats.merged.has(place) && (view.getUint32(at, true) !== 0 || view.getUint32(at + 4, true) !== 0);
  await inPasses(marks, { from: idBytes, words: 2, passKeys, isWanted }, (place, first) => {
    if (first === place) return;
    repeats.sharedIds.add(first);
    repeats.sharedIds.add(place);
  });
  return repeats;
}

interface KeyPlan {
  /** Byte of the mark where the key begins, and its length in 32-bit words. */
  readonly from: number;
  readonly words: number;
  readonly passKeys: number;
  readonly isWanted?: (view: DataView, at: number, place: number) => boolean;
}

async function inPasses(marks: MarkPass, plan: KeyPlan, found: (place: number, first: number) => void): Promise<void> {
  const { from, words, passKeys, isWanted } = plan;
  const counts = new Uint32Array(256);
  await eachMark(marks, (view, at, place) => {
    if (isWanted?.(view, at + from, place) === false) return;
    const part = view.getUint8(at + from);
    counts[part] = (counts[part] ?? 0) + 1;
  });
  for (let first = 0; first < 256;) {
    let [last, keys] = [first, counts[first] ?? 0];
    while (last < 255 && keys + (counts[last + 1] ?? 0) <= passKeys) {
      last += 1;
      keys += counts[last] ?? 0;
    }
    if (keys > 1) {
      const table = new KeyTable(keys, words);
      const [low, high] = [first, last];
      await eachMark(marks, (view, at, place) => {
        const part = view.getUint8(at + from);
        if (part < low || part > high || isWanted?.(view, at + from, place) === false) return;
        found(place, table.firstOf(view, at + from, place));
      });
    }
    first = last + 1;
  }
}
