import { GrowableColumn } from './growable-column.ts';

/** Places of the extremes of a stretch; -1 where it has none. A value that is not a number is no extreme but a gap. */
export interface Extremes {
  lowest: number;
  highest: number;
  firstGap: number;
}

interface Level {
  readonly lowest: GrowableColumn;
  readonly highest: GrowableColumn;
  readonly firstGap: GrowableColumn;
}

const fanOut = 16;

/**
 * Where the smallest and the largest value of any stretch of a column are, without looking at all of it: each level keeps the answer
 * for 16 entries of the level below. Appending costs one comparison a level; a question costs about 32 a level.
 */
export class ExtremePyramid {
  readonly #values: GrowableColumn;
  readonly #levels: Level[] = [];
  #covered = 0;

  constructor(values: GrowableColumn) {
    this.#values = values;
  }

  /** Takes in what was appended to the column. */
  extend(): void {
    for (; this.#covered < this.#values.length; this.#covered += 1) this.#take(this.#covered);
  }

  /** Values from `index` on were changed or moved: they are taken in anew. */
  rebuildFrom(index: number): void {
    let size = fanOut;
    for (const level of this.#levels) {
      const kept = Math.floor(index / size);
      level.lowest.truncate(kept);
      level.highest.truncate(kept);
      level.firstGap.truncate(kept);
      size *= fanOut;
    }
    // Blocks are cut at the level's own border, so everything from the lowest border below `index` on is read again.
    this.#covered = Math.min(this.#covered, index);
    this.#refill(index);
    this.extend();
  }

  /** Extremes of the indices from `from` up to but without `to`. */
  extremes(from: number, to: number): Extremes {
    const found: Extremes = { lowest: -1, highest: -1, firstGap: -1 };
    let index = Math.max(0, from);
    const end = Math.min(to, this.#covered);
    while (index < end) {
      const { level, size } = this.#largestBlock(index, end);
      if (level < 0) this.#meet(found, index);
      else this.#merge(found, level, index / size);
      index += size;
    }
    return found;
  }

  /** The largest block that begins at `index` and ends before `end`; level -1 is a single value. */
  #largestBlock(index: number, end: number): { level: number; size: number } {
    let level = -1;
    let size = 1;
    while (level + 1 < this.#levels.length && index % (size * fanOut) === 0 && index + size * fanOut <= end) {
      level += 1;
      size *= fanOut;
    }
    return { level, size };
  }

  #take(index: number): void {
    let size = fanOut;
    for (let level = 0; size <= fanOut * Math.max(1, index); level += 1) {
      this.#addTo(level, Math.floor(index / size), index);
      size *= fanOut;
    }
  }

  #addTo(level: number, block: number, index: number): void {
    if (level === this.#levels.length) this.#addLevel(level, index);
    const { lowest, highest, firstGap } = this.#levelAt(level);
    if (block >= lowest.length) {
      lowest.push(-1);
      highest.push(-1);
      firstGap.push(-1);
    }
    const value = this.#values.at(index);
    if (Number.isNaN(value)) {
      if (firstGap.at(block) < 0) firstGap.set(block, index);
      return;
    }
    if (!(value >= this.#values.at(lowest.at(block)))) lowest.set(block, index);
    if (!(value <= this.#values.at(highest.at(block)))) highest.set(block, index);
  }

  /** A level that is begun late takes in what came before. */
  #addLevel(level: number, upTo: number): void {
    this.#levels.push({
      lowest: new GrowableColumn(),
      highest: new GrowableColumn(),
      firstGap: new GrowableColumn(),
    });
    const size = fanOut ** (level + 1);
    for (let index = 0; index < upTo; index += 1) this.#addTo(level, Math.floor(index / size), index);
  }

  #refill(index: number): void {
    let size = fanOut;
    for (let level = 0; level < this.#levels.length; level += 1) {
      for (let place = Math.floor(index / size) * size; place < index; place += 1) {
        this.#addTo(level, Math.floor(place / size), place);
      }
      size *= fanOut;
    }
  }

  #meet(found: Extremes, index: number): void {
    const value = this.#values.at(index);
    if (Number.isNaN(value)) {
      if (found.firstGap < 0) found.firstGap = index;
      return;
    }
    if (found.lowest < 0 || value < this.#values.at(found.lowest)) found.lowest = index;
    if (found.highest < 0 || value > this.#values.at(found.highest)) found.highest = index;
  }

  #merge(found: Extremes, level: number, block: number): void {
    const { lowest, highest, firstGap } = this.#levelAt(level);
    const [low, high, gap] = [lowest.at(block), highest.at(block), firstGap.at(block)];
    if (low >= 0) this.#meet(found, low);
    if (high >= 0) this.#meet(found, high);
    if (gap >= 0 && found.firstGap < 0) found.firstGap = gap;
  }

  #levelAt(level: number): Level {
    const found = this.#levels[level];
    if (found === undefined) throw new Error(`The pyramid has no level ${level}.`);
    return found;
  }
}
