import { useId, useState, type CSSProperties, type ReactNode } from 'react';
import { classes } from './classes.ts';
import { TableBody } from './table-body.tsx';
import { TableHeader } from './table-header.tsx';
import type { Sort, SortValue } from './table-selection.ts';
import styles from './table.module.css';
import { useTableKeys } from './use-table-keys.ts';
import { useSortedRows } from './use-sorted-rows.ts';

export type { Sort } from './table-selection.ts';

export interface TableColumn<T> {
  readonly id: string;
  readonly header: ReactNode;
  /** For a screen reader, where `header` is not text. */
  readonly name?: string | undefined;
  cell(row: T): ReactNode;
  readonly align?: 'start' | 'end';
  /** A track of a CSS grid: "8rem", "minmax(10rem, 2fr)". Every row must come to the same, so not `auto`. Else one share. */
  readonly width?: string | undefined;
  readonly sortable?: boolean;
  /** What the column sorts by where the table sorts itself; null is always last. */
  readonly sortValue?: ((row: T) => SortValue) | undefined;
}

export interface DataTableProps<T> {
  /** What the rows are, for a screen reader. */
  readonly label: string;
  /** Keep both stable between renders. */
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  rowKey(row: T): string;
  /** Enter, or a double press; a single press too where there is no `onSelect`. */
  readonly onOpen?: ((row: T) => void) | undefined;
  /** A press or an arrow key: shows it in the inspector. */
  readonly onSelect?: ((row: T) => void) | undefined;
  /** Key of the selected row. */
  readonly selected?: string | null | undefined;
  /** With `onSort` the rows come sorted (by the engine); without, the table sorts by `sortValue`. */
  readonly sort?: Sort | null | undefined;
  readonly onSort?: ((sort: Sort | null) => void) | undefined;
  /** In the place of the rows where there are none. */
  readonly empty: ReactNode;
  /** Only what is seen is drawn, and the table scrolls by itself; by default from 100 rows on. */
  readonly virtual?: boolean | undefined;
  /** `content`: rows may be taller than one line. */
  readonly rowSize?: 'single' | 'content';
  /** Rows there are in all, where `rows` are the first of them only; for a screen reader. */
  readonly total?: number | undefined;
  /** The last rows have come near: read on. Only where the table scrolls by itself. */
  readonly onNearEnd?: (() => void) | undefined;
  /** In rem; narrower than this it scrolls sideways. */
  readonly minWidth?: number | undefined;
  readonly className?: string | undefined;
}

const virtualFrom = 100;

/** Rows to go through by arrow keys, sort and open. 10,000 of them stay smooth. Loaded with the pages that use it. */
export function DataTable<T>(props: DataTableProps<T>) {
  const {
    label,
    columns,
    rows,
    rowKey,
    onOpen,
    onSelect,
    selected = null,
    empty,
    rowSize = 'single',
    minWidth,
    className,
  } = props;
  const id = useId();
  // State, not a ref: the body measures it, and a parent's ref is not there yet when a child's first effects run.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { sorted, sort, toggleSort } = useSortedRows(props);
  const keys = useTableKeys({ sorted, selected, rowKey, onOpen, onSelect, scroller });
  if (rows.length === 0) return <div className={className}>{empty}</div>;
  const tracks = columns.map((column) => column.width ?? 'minmax(5rem, 1fr)').join(' ');
  const widths = {
    '--tracks': tracks,
    minWidth: minWidth === undefined ? undefined : `${minWidth}rem`,
  } as CSSProperties;
  const isVirtual = props.virtual ?? rows.length >= virtualFrom;
  return (
    <div
      ref={setScroller}
      role="grid"
      aria-label={label}
      aria-rowcount={(props.total ?? rows.length) + 1}
      aria-colcount={columns.length}
      aria-activedescendant={keys.row < 0 ? undefined : `${id}-${keys.row}`}
      tabIndex={0}
      onKeyDown={keys.onKeyDown}
      onFocus={keys.onFocus}
      className={classes(styles['table'], isVirtual && styles['virtual'], className)}
    >
      <div role="presentation" className={styles['width']} style={widths}>
        <TableHeader columns={columns} sort={sort} onSort={toggleSort} />
        <TableBody
          id={id}
          columns={columns}
          rows={sorted}
          scroller={scroller}
          isVirtual={isVirtual}
          rowSize={rowSize}
          current={keys.row}
          selected={selected}
          onPress={keys.press}
          onDoublePress={onSelect === undefined ? undefined : onOpen}
          canPress={onOpen !== undefined || onSelect !== undefined}
          onNearEnd={props.onNearEnd}
        />
      </div>
    </div>
  );
}
