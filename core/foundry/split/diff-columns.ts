import type { CanonicalRow } from '#contract/rows.ts';
import { hashText, orderKey } from '../../datasets/text-hash.ts';

/** A row of a version as the diff sees it. */
export interface DiffRow {
  /** Hash of its content. */
  readonly id: string;
  /** What it was at its source; null when that is not known. */
  readonly sourceKey: string | null;
  readonly side: CanonicalRow['side'] | null;
}

/** Words of 32 bits that an id takes. */
export const idWords = 4;
/** A side by its number in `DiffColumns.sides`. */
export const sideCodes = [null, 'train', 'validation', 'test'] as const;

/**
 * A version in columns: 25 bytes a row, so that two versions of a million rows fit beside each other. Rows by their place. Ids are the 128 bits they are; one
 * of another form stands by its hash, and as it is in `otherIds`.
 */
export interface DiffColumns {
  readonly rows: number;
  readonly ids: Uint32Array;
  /** 53 bits of the key at the source; NaN without one. */
  readonly sources: Float64Array;
  readonly sides: Uint8Array;
  readonly otherIds: ReadonlyMap<number, string>;
}

export interface DiffColumnsBuilder {
  /** @throws RangeError beyond the rows that were told */
  add(row: DiffRow): void;
  finish(): DiffColumns;
}

/** @param most rows that will be added at most */
export function createDiffColumns(most: number): DiffColumnsBuilder {
  const ids = new Uint32Array(most * idWords);
  const sources = new Float64Array(most);
  const sides = new Uint8Array(most);
  const otherIds = new Map<number, string>();
  let rows = 0;
  return {
    add({ id, sourceKey, side }) {
      if (rows >= most) throw new RangeError(`a version of ${most} rows holds more than it says`);
      if (!/^[0-9a-f]{32}$/.test(id)) otherIds.set(rows, id);
      const isHex = !otherIds.has(rows);
      for (let word = 0; word < idWords; word += 1)
        ids[rows * idWords + word] = isHex
          ? Number.parseInt(id.slice(word * 8, word * 8 + 8), 16)
          : hashText(id, word + 1);
      sources[rows] = sourceKey === null ? Number.NaN : orderKey(sourceKey, 0);
      sides[rows] = Math.max(0, sideCodes.indexOf(side ?? null));
      rows += 1;
    },
    finish: () => ({ rows, ids, sources, sides, otherIds }),
  };
}

export function sideAt({ sides }: DiffColumns, place: number): CanonicalRow['side'] | null {
  return sideCodes[sides[place] ?? 0] ?? null;
}

export function idAt({ ids, otherIds }: DiffColumns, place: number): string {
  const other = otherIds.get(place);
  if (other !== undefined) return other;
  let id = '';
  for (let word = 0; word < idWords; word += 1) id += (ids[place * idWords + word] ?? 0).toString(16).padStart(8, '0');
  return id;
}

/**
 * What a row was at its source: the id it had there, else the place of its record. Between versions of one file each, an id counts whatever the file is called;
 * a place in a file says something in that file only.
 */
export function sourceKeyOf(
  { source: { uri, id, line, byte_offset: offset, page } }: Pick<CanonicalRow, 'source'>,
  hasOneSource: boolean,
): string | null {
  if (id !== undefined) return `${hasOneSource ? '' : uri}#${id}`;
  const place = line ?? offset ?? page;
  return place === undefined ? null : `${uri}@${place}`;
}
