import { useMemo, useState } from 'react';
import { Badge } from '../../../ui/badge.tsx';
import { DotPlot } from '../../../ui/dot-plot.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import type { GalleryEntry } from '../../../ui/gallery-entry.ts';
import { Page } from '../../../ui/page.tsx';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';

export const tableEntries: readonly GalleryEntry[] = [
  { id: 'kit/table', title: 'Table of a few rows, with an inspector', render: () => <Models count={7} /> },
  { id: 'kit/table-empty', title: 'Table without rows', render: () => <Models count={0} /> },
  { id: 'kit/table-10000', title: 'Table of 10,000 rows', render: () => <Models count={10_000} /> },
  { id: 'kit/table-100000', title: 'Table of 100,000 rows', render: () => <Models count={100_000} /> },
];

interface Version {
  readonly id: string;
  readonly name: string;
  readonly base: string;
  readonly score: number;
  readonly sizeMb: number;
  readonly served: boolean;
}

const names = [
  'support',
  'invoices',
  'übersetzung',
  '客服助手',
  'a name that is far too long to be seen in one line of a table',
];

function versions(count: number): readonly Version[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `v${index}`,
    name: `${names[index % names.length] ?? ''}:v${1 + (index % 9)}`,
    base: index % 3 === 0 ? 'SmolLM2 1.7B' : 'SmolLM2 360M',
    score: (index * 37) % 100,
    sizeMb: 270 + ((index * 7919) % 1900),
    served: index === 1,
  }));
}

const columns: readonly TableColumn<Version>[] = [
  {
    id: 'name',
    header: 'Version',
    cell: (row) => row.name,
    sortable: true,
    sortValue: (row) => row.name,
    width: 'minmax(10rem, 2fr)',
  },
  { id: 'base', header: 'Base', cell: (row) => row.base, sortable: true, sortValue: (row) => row.base },
  {
    id: 'score',
    header: 'Score',
    width: '11rem',
    sortable: true,
    sortValue: (row) => row.score,
    cell: (row) => (
      <>
        <DotPlot
          size="tiny"
          label="Score"
          unit="%"
          minimum={0}
          maximum={100}
          base={{ value: 10 }}
          tuned={{ value: row.score, low: row.score - 5, high: row.score + 5 }}
        />{' '}
        {row.score} %
      </>
    ),
  },
  {
    id: 'size',
    header: 'Size',
    align: 'end',
    width: '6rem',
    sortable: true,
    sortValue: (row) => row.sizeMb,
    cell: (row) => `${row.sizeMb} MB`,
  },
  { id: 'served', header: 'Served', width: '6rem', cell: (row) => row.served && <Badge tone="good">served</Badge> },
];

function Models({ count }: { readonly count: number }) {
  const rows = useMemo(() => versions(count), [count]);
  const [selected, setSelected] = useState<Version | null>(rows[1] ?? null);
  return (
    <Page
      title="Models"
      subtitle={`${rows.length} versions`}
      layout="fill"
      actions={<Button kind="primary">Train a model</Button>}
      inspector={
        selected === null ? null : (
          <p>
            {selected.base}, {selected.score} % of the fields right.
          </p>
        )
      }
      inspectorTitle={selected?.name}
      onInspectorClose={() => setSelected(null)}
    >
      <DataTable
        label="Versions"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        selected={selected?.id}
        onSelect={setSelected}
        empty={
          <EmptyState
            title="No model yet"
            text="Each version stands here with its base, its score and where it is served."
            actions={<Button kind="primary">Train a model</Button>}
          />
        }
      />
    </Page>
  );
}
