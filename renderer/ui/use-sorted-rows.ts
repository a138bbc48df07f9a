import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type Row,
} from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { currentLanguage } from '../words/language.ts';
import { compareValues, nextSort, type Sort, type SortValue } from './table-selection.ts';
import type { DataTableProps } from './table.tsx';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
export type TableRow<T> = Row<typeof features, T & object>;

export interface SortedRows<T> {
  readonly sorted: readonly { readonly id: string; readonly original: T }[];
  readonly sort: Sort | null;
  readonly toggleSort: (column: string) => void;
}

/** The rows in the order that is asked for: sorted here by `sortValue`, or as they came where the page sorts. */
export function useSortedRows<T>({ columns, rows, rowKey, sort: given, onSort }: DataTableProps<T>): SortedRows<T> {
  const [own, setOwn] = useState<Sort | null>(given ?? null);
  const sort = onSort === undefined ? own : (given ?? null);
  const definitions = useMemo(() => columns.map(definitionOf), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows as readonly Boxed<T>[],
    getRowId: (row) => rowKey(row),
    manualSorting: onSort !== undefined,
    state: { sorting: sort === null ? [] : [{ id: sort.column, desc: sort.descending }] },
  });
  return {
    sorted: table.getRowModel().rows,
    sort,
    toggleSort: (column) => (onSort ?? setOwn)(nextSort(sort, column)),
  };
}

type Boxed<T> = T & object;

function definitionOf<T>(column: DataTableProps<T>['columns'][number]): ColumnDef<typeof features, Boxed<T>> {
  const { id, sortValue } = column;
  return {
    id,
    // Nothing is `undefined` for the table, which keeps it last in both directions.
    accessorFn: (row): SortValue => sortValue?.(row) ?? undefined,
    sortUndefined: 'last',
    sortFn: (one, other) =>
      compareValues(one.getValue<SortValue>(id), other.getValue<SortValue>(id), currentLanguage()),
  };
}
