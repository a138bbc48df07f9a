/** Which row is meant after a key; null when the key is not one of a table's. Rows count from 0, -1 is none. */
export function rowAfterKey(key: string, at: TablePosition): number | null {
  const last = at.count - 1;
  if (last < 0) return null;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at.row + 1);
    case 'ArrowUp':
      return at.row < 0 ? last : Math.max(0, at.row - 1);
    case 'PageDown':
      return Math.min(last, Math.max(0, at.row) + at.page);
    case 'PageUp':
      return Math.max(0, at.row - at.page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

export interface TablePosition {
  readonly row: number;
  readonly count: number;
  /** Rows that are seen at once, at least 1. */
  readonly page: number;
}

/** Where the keyboard stands after the rows changed: on the same thing, else near where it was. */
export function rowAfterChange(key: string | null, previousRow: number, keys: readonly string[]): number {
  const found = key === null ? -1 : keys.indexOf(key);
  if (found >= 0) return found;
  return Math.min(previousRow, keys.length - 1);
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** A press on a column's header: it sorts, then the other way round, then as it was given. */
export function nextSort(now: Sort | null, column: string): Sort | null {
  if (now === null || now.column !== column) return { column, descending: false };
  return now.descending ? null : { column, descending: true };
}

/** Order of two values: numbers by size, texts as the language sorts them with digits as numbers, nothing last. */
export function compareValues(one: SortValue, other: SortValue, language: string): number {
  if (isNothing(one) || isNothing(other)) return Number(isNothing(one)) - Number(isNothing(other));
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return collatorOf(language).compare(String(one), String(other));
}

export type SortValue = string | number | null | undefined;

function isNothing(value: SortValue): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

const collators = new Map<string, Intl.Collator>();

function collatorOf(language: string): Intl.Collator {
  const known = collators.get(language) ?? new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  collators.set(language, known);
  return known;
}
