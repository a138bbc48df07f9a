import { Badge } from '../../../ui/badge.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import type { TableColumn } from '../../../ui/table.tsx';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import type { DatasetRow } from '../dataset-rows.ts';
import type { useDatasetsWords } from '../datasets-words.ts';
import styles from './datasets-view.module.css';
import { KindWords, OriginWords } from './version-words.tsx';

/** The columns of the table of versions; they sort themselves. */
export function datasetColumns(words: ReturnType<typeof useDatasetsWords>): readonly TableColumn<DatasetRow>[] {
  return [
    {
      id: 'name',
      header: words('name'),
      width: 'minmax(10rem, 1.4fr)',
      sortable: true,
      sortValue: ({ id }) => id,
      cell: (row) => <Name row={row} />,
    },
    {
      id: 'rows',
      header: words('rowsHead'),
      width: '7rem',
      align: 'end',
      sortable: true,
      sortValue: ({ version }) => version.rows,
      cell: ({ version }) => formatNumber(version.rows),
    },
    {
      id: 'kinds',
      header: words('kinds'),
      width: 'minmax(9rem, 1fr)',
      cell: ({ version }) => (
        <span className={styles['oneLine']}>
          <KindWords kinds={version.kinds} />
        </span>
      ),
    },
    {
      id: 'origin',
      header: words('origin'),
      width: 'minmax(9rem, 1.2fr)',
      cell: ({ version }) => (
        <span className={styles['oneLine']}>
          <OriginWords version={version} />
        </span>
      ),
    },
    {
      id: 'size',
      header: words('size'),
      width: '6rem',
      align: 'end',
      sortable: true,
      sortValue: ({ version }) => version.sizeBytes,
      cell: ({ version }) => formatBytes(version.sizeBytes),
    },
    {
      id: 'made',
      header: words('made'),
      width: '8rem',
      align: 'end',
      sortable: true,
      sortValue: ({ version }) => version.createdAt,
      cell: ({ version }) => <RelativeTime time={version.createdAt} />,
    },
  ];
}

function Name({ row: { version, isNewest, family } }: { readonly row: DatasetRow }) {
  return (
    <span className={styles['cell']}>
      <span className={styles['name']}>{version.name}</span>
      {isNewest && family.length > 1 ? (
        <Badge>v{version.version}</Badge>
      ) : (
        <span className={styles['muted']}>v{version.version}</span>
      )}
    </span>
  );
}
