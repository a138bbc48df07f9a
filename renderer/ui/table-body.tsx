import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useRef, type CSSProperties, type MouseEvent } from 'react';
import type { TableColumn } from './table.tsx';
import styles from './table.module.css';

interface Rowed<T> {
  readonly id: string;
  readonly original: T;
}

export interface TableBodyProps<T> {
  readonly id: string;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly Rowed<T>[];
  readonly scroller: HTMLDivElement | null;
  readonly isVirtual: boolean;
  readonly rowSize: 'single' | 'content';
  readonly current: number;
  readonly selected: string | null;
  readonly onPress: (row: number) => void;
  readonly onDoublePress: ((row: T) => void) | undefined;
  readonly canPress: boolean;
  readonly onNearEnd: (() => void) | undefined;
}

/** Rows before the last at which more are asked for. */
const nearEndRows = 30;

export function TableBody<T>(props: TableBodyProps<T>) {
  const { id, columns, rows, isVirtual, rowSize, current, selected, canPress } = props;
  const virtualizer = useRowVirtualizer(props);
  useNearEnd(props, isVirtual ? (virtualizer.range?.endIndex ?? 0) : -1);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  // Stable, so that a row is drawn again only when something of its own changed.
  const press = useCallback((row: number) => latest.current.onPress(row), []);
  const doublePress = useCallback((row: T) => latest.current.onDoublePress?.(row), []);
  const rowAt = (index: number, style?: CSSProperties) => {
    const row = rows[index];
    if (row === undefined) return null;
    return (
      <BodyRow
        key={row.id}
        id={`${id}-${index}`}
        index={index}
        row={row.original}
        columns={columns as readonly TableColumn<unknown>[]}
        isCurrent={index === current}
        isSelected={row.id === selected}
        canPress={canPress}
        onPress={press}
        onDoublePress={doublePress as (row: unknown) => void}
        measure={isVirtual && rowSize === 'content' ? virtualizer.measureElement : undefined}
        top={style === undefined ? undefined : Number(style.top)}
      />
    );
  };
  if (!isVirtual) {
    return (
      <div role="rowgroup" data-size={rowSize} className={styles['body']}>
        {rows.map((_row, index) => rowAt(index))}
      </div>
    );
  }
  const { scrollMargin } = virtualizer.options;
  return (
    <div role="rowgroup" data-size={rowSize} className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map((item) => rowAt(item.index, { top: item.start - scrollMargin }))}
    </div>
  );
}

function useNearEnd<T>({ rows, onNearEnd }: TableBodyProps<T>, lastSeen: number): void {
  const isNear = lastSeen >= rows.length - nearEndRows;
  useEffect(() => {
    if (isNear && lastSeen > 0) onNearEnd?.();
  }, [isNear, lastSeen, onNearEnd, rows.length]);
}

/** Draws what is seen and a little more, and keeps the row of the keyboard in sight. */
function useRowVirtualizer<T>({
  rows,
  scroller,
  isVirtual,
  current,
}: TableBodyProps<T>): Virtualizer<HTMLDivElement, HTMLDivElement> {
  const rowHeight = useRef(0);
  if (rowHeight.current === 0) rowHeight.current = rowHeightPx();
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    enabled: isVirtual,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight.current,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    // The header lies over the first row's height.
    scrollMargin: rowHeight.current,
    scrollPaddingStart: rowHeight.current,
  });
  useEffect(() => {
    if (current < 0 || document.activeElement !== scroller) return;
    if (isVirtual) virtualizer.scrollToIndex(current, { align: 'auto' });
    else scroller?.querySelector(`[data-row="${current}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current, isVirtual, scroller, virtualizer]);
  return virtualizer;
}

/** `--row-height` in pixels, at the text size the person chose. */
function rowHeightPx(): number {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const height = getComputedStyle(document.documentElement).getPropertyValue('--row-height');
  return (Number.parseFloat(height) || 1.75) * rem;
}

interface BodyRowProps {
  readonly id: string;
  readonly index: number;
  readonly row: unknown;
  readonly columns: readonly TableColumn<unknown>[];
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly canPress: boolean;
  readonly onPress: (row: number) => void;
  readonly onDoublePress: (row: unknown) => void;
  readonly measure: ((element: HTMLDivElement | null) => void) | undefined;
  /** In pixels from the first row, where only a part of the rows is drawn. */
  readonly top: number | undefined;
}

const BodyRow = memo(function BodyRow(props: BodyRowProps) {
  const { id, index, row, columns, isCurrent, isSelected, canPress, onPress, onDoublePress, measure, top } = props;
  return (
    <div
      id={id}
      ref={measure}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={canPress ? isSelected : undefined}
      data-row={index}
      data-index={index}
      data-current={isCurrent || undefined}
      data-can-press={canPress || undefined}
      className={styles['row']}
      style={
        top === undefined ? undefined : { position: 'absolute', insetInline: 0, transform: `translateY(${top}px)` }
      }
      onClick={(event) => !isOwnControl(event) && onPress(index)}
      onDoubleClick={(event) => !isOwnControl(event) && onDoublePress(row)}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={styles['cell']} data-align={column.align}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
});

/** A press on a button, a link or a field in a cell is theirs, and so is one in a menu of the cell, which lies elsewhere in the page. */
function isOwnControl({ target, currentTarget }: MouseEvent): boolean {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return true;
  return target.closest('a, button, input, select, textarea, label') !== null;
}
