import { mixBits } from '../../datasets/text-hash.ts';
import { idWords, type DiffColumns } from './diff-columns.ts';

/** What became of a row; of the kind `same` nothing is told. */
export type RowChangeKind = 'added' | 'removed' | 'changed' | 'moved';

/** Places in the two versions; -1 where the row is in the other one only. */
export interface PlacedChange {
  readonly before: number;
  readonly after: number;
}

export interface VersionDiff {
  readonly counts: Readonly<Record<RowChangeKind | 'same', number>>;
  /** In the order of the later version; removed rows in the order of the earlier one. */
  changes(kind: RowChangeKind): Generator<PlacedChange>;
}

const marks = { same: 0, added: 1, changed: 2, moved: 3 } as const;
/** Rows between two places where the caller may breathe. */
const pieceRows = 32_768;
const none = -1;

/**
 * What became of the rows from one version to the next (issue: a diff of two versions; D-11 for the sides). A join over hash tables: by content first (the
 * same content is the same row, wherever it stands), then those left alone by what they were at their source, in the order of their places. 13 bytes a row
 * and two tables beside the columns; linear time. Ids are unique in a version. Yields between pieces of work.
 */
export function* diffVersions(before: DiffColumns, after: DiffColumns): Generator<void, VersionDiff> {
  const kinds = new Uint8Array(after.rows);
  const partners = new Int32Array(after.rows).fill(none);
  const taken = new Uint8Array(before.rows);
  yield* joinById({ before, after, kinds, partners, taken });
  yield* joinBySource({ before, after, kinds, partners, taken });
  const counts = { same: 0, added: 0, removed: 0, changed: 0, moved: 0 };
  const names = ['same', 'added', 'changed', 'moved'] as const;
  for (const kind of kinds) counts[names[kind] ?? 'same'] += 1;
  for (const isTaken of taken) if (isTaken === 0) counts.removed += 1;
  return {
    counts,
    *changes(kind) {
      if (kind === 'removed') {
        for (let place = 0; place < before.rows; place += 1)
          if (taken[place] === 0) yield { before: place, after: none };
        return;
      }
      for (let place = 0; place < after.rows; place += 1)
        if (kinds[place] === marks[kind]) yield { before: partners[place] ?? none, after: place };
    },
  };
}

interface Join {
  readonly before: DiffColumns;
  readonly after: DiffColumns;
  readonly kinds: Uint8Array;
  /** Of every later row its earlier one. */
  readonly partners: Int32Array;
  /** Earlier rows that found a later one. */
  readonly taken: Uint8Array;
}

/** Slots of an open hash table for so many entries: a power of two, at most half full. */
function slotsFor(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, rows * 2)));
}

function* joinById({ before, after, kinds, partners, taken }: Join): Generator<void> {
  const slots = slotsFor(before.rows);
  const table = new Int32Array(slots).fill(none);
  const start = ({ ids }: DiffColumns, place: number): number => mixBits(ids[place * idWords] ?? 0) & (slots - 1);
  const isSame = (earlier: number, later: number): boolean => {
    for (let word = 0; word < idWords; word += 1)
      if (before.ids[earlier * idWords + word] !== after.ids[later * idWords + word]) return false;
    return true;
  };
  for (let place = 0; place < before.rows; place += 1) {
    if (place % pieceRows === 0) yield;
    let slot = start(before, place);
    while (table[slot] !== none) slot = (slot + 1) & (slots - 1);
    table[slot] = place;
  }
  for (let place = 0; place < after.rows; place += 1) {
    if (place % pieceRows === 0) yield;
    let slot = start(after, place);
    let found = table[slot] ?? none;
    while (found !== none && !isSame(found, place)) {
      slot = (slot + 1) & (slots - 1);
      found = table[slot] ?? none;
    }
    if (found === none) {
      kinds[place] = marks.added;
      continue;
    }
    taken[found] = 1;
    partners[place] = found;
    kinds[place] = before.sides[found] === after.sides[place] ? marks.same : marks.moved;
  }
}

/** Pairs what stands alone on both sides: chains of earlier rows with the same key, the first of which is taken first. */
function* joinBySource({ before, after, kinds, partners, taken }: Join): Generator<void> {
  const slots = slotsFor(before.rows);
  const heads = new Int32Array(slots).fill(none);
  const nexts = new Int32Array(before.rows).fill(none);
  const slotOf = (key: number): number => mixBits((key % 2 ** 32) ^ (key / 2 ** 32)) & (slots - 1);
  // Backwards, so that each chain begins with its first row.
  for (let place = before.rows - 1; place >= 0; place -= 1) {
    if (place % pieceRows === 0) yield;
    const key = before.sources[place] ?? Number.NaN;
    if (taken[place] !== 0 || Number.isNaN(key)) continue;
    const slot = slotOf(key);
    nexts[place] = heads[slot] ?? none;
    heads[slot] = place;
  }
  for (let place = 0; place < after.rows; place += 1) {
    if (place % pieceRows === 0) yield;
    const key = after.sources[place] ?? Number.NaN;
    if (kinds[place] !== marks.added || Number.isNaN(key)) continue;
    const slot = slotOf(key);
    let [last, found] = [none, heads[slot] ?? none];
    while (found !== none && before.sources[found] !== key) [last, found] = [found, nexts[found] ?? none];
    if (found === none) continue;
    const rest = nexts[found] ?? none;
    if (last === none) heads[slot] = rest;
    else nexts[last] = rest;
    taken[found] = 1;
    partners[place] = found;
    kinds[place] = marks.changed;
  }
}
