import { useEffect, useId, useLayoutEffect, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { classes } from '../../../ui/classes.ts';
import { TableHeader } from '../../../ui/table-header.tsx';
import { nextSort, rowAfterKey, type Sort } from '../../../ui/table-selection.ts';
import type { TableColumn } from '../../../ui/table.tsx';
import table from '../../../ui/table.module.css';
import { rowWindow, scrollToShow, type RowWindow } from '../row-window.ts';
import styles from './version-view.module.css';

export type PagedColumn<T> = Omit<TableColumn<T>, 'sortValue'>;

export interface PagedTableProps<T> {
  readonly label: string;
  /** Keep stable between renders. */
  readonly columns: readonly PagedColumn<T>[];
  /** Null until the first page has come. */
  readonly total: number | null;
  /** Undefined while its page is on its way. */
  rowAt(index: number): T | undefined;
  rowKey(row: T): string;
  /** What is shown is of an earlier question. */
  readonly isWaiting: boolean;
  readonly selected: string | null;
  readonly sort: Sort | null;
  onSort(sort: Sort | null): void;
  /** Rows `first` to `end` have come into sight. */
  onNeed(first: number, end: number): void;
  onSelect(row: T): void;
  /** In rem. */
  readonly minWidth: number;
  readonly className?: string | undefined;
}

/** Rows that are drawn before anyone knows how many there are. */
const placeholders = 12;

/** A table of any number of rows of which only those in sight exist here. Keys as in `DataTable`. */
export function PagedTable<T>(props: PagedTableProps<T>) {
  const { label, columns, total, isWaiting, sort, onSort, onNeed, minWidth, className } = props;
  const id = useId();
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const rows = total ?? placeholders;
  const view = useRowWindow(scroller, rows);
  const keys = usePagedKeys(props, scroller, rows);
  const { first, end } = view;
  useEffect(() => {
    if (total !== null) onNeed(first, end);
  }, [first, end, total, onNeed, isWaiting]);
  const widths = {
    '--tracks': columns.map((column) => column.width ?? 'minmax(5rem, 1fr)').join(' '),
    minWidth: `${minWidth}rem`,
  } as CSSProperties;
  return (
    <div
      ref={setScroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total === null ? -1 : total + 1}
      aria-colcount={columns.length}
      aria-busy={isWaiting || total === null}
      aria-activedescendant={keys.row < 0 ? undefined : `${id}-${keys.row}`}
      tabIndex={0}
      onKeyDown={keys.onKeyDown}
      onFocus={keys.onFocus}
      data-waiting={isWaiting || undefined}
      className={classes(table['table'], className)}
    >
      <div role="presentation" className={table['width']} style={widths}>
        <TableHeader columns={columns} sort={sort} onSort={(column) => onSort(nextSort(sort, column))} />
        <div role="rowgroup" className={table['body']} style={{ height: view.heightPx }}>
          {Array.from({ length: Math.max(0, end - first) }, (_, index) => (
            <Line
              key={first + index}
              {...{ id, columns, index: first + index, row: props.rowAt(first + index) }}
              isCurrent={first + index === keys.row}
              isSelected={isSelectedRow(props, first + index)}
              topPx={view.topPx + index * view.rowHeightPx}
              onPress={() => keys.press(first + index)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function isSelectedRow<T>({ rowAt, rowKey, selected }: PagedTableProps<T>, index: number): boolean {
  const row = rowAt(index);
  return row !== undefined && selected !== null && rowKey(row) === selected;
}

interface LineProps<T> {
  readonly id: string;
  readonly columns: readonly PagedColumn<T>[];
  readonly index: number;
  readonly row: T | undefined;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly topPx: number;
  readonly onPress: () => void;
}

function Line<T>({ id, columns, index, row, isCurrent, isSelected, topPx, onPress }: LineProps<T>) {
  return (
    <div
      id={`${id}-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-row={index}
      data-current={isCurrent || undefined}
      data-can-press
      className={table['row']}
      style={{ position: 'absolute', insetInline: 0, transform: `translateY(${topPx}px)` }}
      onClick={onPress}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={table['cell']} data-align={column.align}>
          {row === undefined ? <span className={styles['waiting']} /> : column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** `--row-height` in pixels, at the text size the person chose. */
function rowHeightPx(): number {
  const style = getComputedStyle(document.documentElement);
  const rem = Number.parseFloat(style.fontSize) || 16;
  return (Number.parseFloat(style.getPropertyValue('--row-height')) || 1.75) * rem;
}

function useRowWindow(scroller: HTMLDivElement | null, rows: number): RowWindow & { readonly rowHeightPx: number } {
  const [place, setPlace] = useState({ scrollTopPx: 0, viewportPx: 600 });
  const [heightPx] = useState(rowHeightPx);
  useLayoutEffect(() => {
    if (scroller === null) return undefined;
    const read = (): void =>
      setPlace((before) => {
        // Never more rows than the window can show, even in a place that would let it grow.
        const viewportPx = Math.min(scroller.clientHeight, innerHeight);
        const now = { scrollTopPx: scroller.scrollTop, viewportPx };
        return before.scrollTopPx === now.scrollTopPx && before.viewportPx === now.viewportPx ? before : now;
      });
    read();
    scroller.addEventListener('scroll', read, { passive: true });
    const size = new ResizeObserver(read);
    size.observe(scroller);
    return () => {
      scroller.removeEventListener('scroll', read);
      size.disconnect();
    };
  }, [scroller]);
  return { ...rowWindow({ rows, rowHeightPx: heightPx, ...place }), rowHeightPx: heightPx };
}

/** The keyboard's place: a number of a row, since most rows are not here. */
function usePagedKeys<T>(props: PagedTableProps<T>, scroller: HTMLDivElement | null, rows: number) {
  const [row, setRow] = useState(-1);
  const [wanted, setWanted] = useState<number | null>(null);
  const { total, rowAt, onSelect } = props;
  const at = Math.min(row, rows - 1);
  const found = wanted === null ? undefined : rowAt(wanted);
  // A row that was gone to before its page had come is opened when it is there.
  useEffect(() => {
    if (found === undefined) return;
    setWanted(null);
    onSelect(found);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [found]);
  const goTo = (next: number): void => {
    setRow(next);
    setWanted(next);
    if (scroller === null) return;
    const heightPx = rowHeightPx();
    const place = { rows, rowHeightPx: heightPx, viewportPx: scroller.clientHeight, scrollTopPx: scroller.scrollTop };
    scroller.scrollTop = scrollToShow(next, place, heightPx);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / rowHeightPx()) - 2);
    const next = rowAfterKey(event.key, { row: at, count: total ?? 0, page });
    if (next !== null) goTo(next);
    else if (event.key === 'Enter' || event.key === ' ') goTo(Math.max(0, at));
    else return;
    event.preventDefault();
  };
  return { row: at, onKeyDown, press: goTo, onFocus: () => at < 0 && total !== null && setRow(0) };
}
