import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import type { TableColumn } from './table.tsx';
import type { Sort } from './table-selection.ts';
import styles from './table.module.css';

export interface TableHeaderProps<T> {
  readonly columns: readonly TableColumn<T>[];
  readonly sort: Sort | null;
  readonly onSort: (column: string) => void;
}

export function TableHeader<T>({ columns, sort, onSort }: TableHeaderProps<T>) {
  return (
    <div role="rowgroup" className={styles['head']}>
      <div role="row" aria-rowindex={1} className={styles['row']}>
        {columns.map((column) => {
          const isSorted = sort?.column === column.id;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-label={column.name}
              aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
              className={styles['headCell']}
              data-align={column.align}
            >
              {column.sortable === true ? (
                <button type="button" className={styles['sort']} onClick={() => onSort(column.id)}>
                  <span className={styles['headWords']}>{column.header}</span>
                  {isSorted && (sort.descending ? <ArrowDown aria-hidden /> : <ArrowUp aria-hidden />)}
                </button>
              ) : (
                <span className={styles['headWords']}>{column.header}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
