import { useRef, useState, type KeyboardEvent } from 'react';
import { rowAfterChange, rowAfterKey } from './table-selection.ts';

export interface TableKeysOptions<T> {
  readonly sorted: readonly { readonly id: string; readonly original: T }[];
  readonly selected: string | null;
  rowKey(row: T): string;
  readonly onOpen: ((row: T) => void) | undefined;
  readonly onSelect: ((row: T) => void) | undefined;
  readonly scroller: HTMLElement | null;
}

export interface TableKeys {
  /** The row where the keyboard stands, -1 before it came here. */
  readonly row: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
  readonly press: (row: number) => void;
}

/** The keyboard's place in a table: it stays with its thing when rows come, go or are sorted anew. */
export function useTableKeys<T>({ sorted, selected, onOpen, onSelect, scroller }: TableKeysOptions<T>): TableKeys {
  const [place, setPlace] = useState<{ readonly key: string | null; readonly row: number }>({ key: null, row: -1 });
  const keys = useKeyList(sorted);
  const row =
    place.key === null && selected !== null ? keys.indexOf(selected) : rowAfterChange(place.key, place.row, keys);
  const stand = (next: number): void => setPlace({ key: sorted[next]?.id ?? null, row: next });
  const goTo = (next: number): void => {
    stand(next);
    const thing = sorted[next];
    if (thing !== undefined) onSelect?.(thing.original);
  };
  return {
    row,
    onFocus: () => row < 0 && stand(0),
    press: (next) => {
      stand(next);
      const thing = sorted[next];
      if (thing !== undefined) (onSelect ?? onOpen)?.(thing.original);
    },
    onKeyDown: (event) => {
      // Keys of a button or a field in a cell are theirs.
      if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
      const next = rowAfterKey(event.key, { row, count: sorted.length, page: rowsSeen(scroller) });
      if (next !== null) goTo(next);
      else if (event.key === 'Enter') open(sorted[row]);
      else if (event.key === ' ') goTo(Math.max(0, row));
      else return;
      event.preventDefault();
    },
  };

  function open(thing: { readonly original: T } | undefined): void {
    if (thing !== undefined) (onOpen ?? onSelect)?.(thing.original);
  }
}

/** The keys in order, made once for a list of rows. */
function useKeyList(sorted: readonly { readonly id: string }[]): readonly string[] {
  const last = useRef<{ readonly of: unknown; readonly keys: readonly string[] }>({ of: null, keys: [] });
  if (last.current.of !== sorted) last.current = { of: sorted, keys: sorted.map((row) => row.id) };
  return last.current.keys;
}

function rowsSeen(scroller: HTMLElement | null): number {
  const row = scroller?.querySelector<HTMLElement>('[data-row]');
  if (scroller === null || row === null || row === undefined) return 10;
  return Math.max(1, Math.floor(Math.min(scroller.clientHeight, window.innerHeight) / row.offsetHeight) - 2);
}
