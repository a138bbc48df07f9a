import { useEffect, useMemo, useState } from 'react';
import type { DatasetVersion, PagedRow } from '#contract/dataset-versions.ts';
import { rowKinds, type RowKind } from '#contract/rows.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Select } from '../../../ui/select.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatNumber } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { rowAt } from '../paged-rows.ts';
import { remarkOf, shortRemarkOf } from '../remarks.ts';
import { usualQuery, type RowQuery } from '../version-store.ts';
import { PagedTable, type PagedColumn } from './paged-table.tsx';
import styles from './version-view.module.css';
import type { VersionHandlers, VersionViewProps } from './version-view.tsx';

interface RowsTabProps {
  readonly state: VersionViewProps['state'];
  readonly kinds: DatasetVersion['kinds'];
  readonly handlers: VersionHandlers;
}

type SortBy = RowQuery['sort']['by'];

/** All rows of a version, of which only those in sight are here; sorted and searched by the engine. */
export function RowsTab({ state, kinds, handlers }: RowsTabProps) {
  const words = useDatasetsWords();
  const { query, rows, isSearching, failure, selected } = state;
  const columns = useMemo(() => rowColumns(words), [words]);
  const isFiltered =
    query.filter !== usualQuery.filter && JSON.stringify(query.filter) !== JSON.stringify(usualQuery.filter);
  return (
    <div className={styles['rows']}>
      <Tools state={state} kinds={kinds} handlers={handlers} />
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.retry} />}
      {rows.total === 0 && !isSearching ? (
        <EmptyState
          title={words('noRowsTitle')}
          text={words(isFiltered ? 'noRowsFiltered' : 'noRowsText')}
          actions={
            isFiltered && (
              <Button onClick={() => handlers.ask({ filter: usualQuery.filter })}>{words('showAll')}</Button>
            )
          }
        />
      ) : (
        <PagedTable<PagedRow>
          label={words('rowsLabel')}
          className={styles['table']}
          columns={columns}
          total={rows.total}
          rowAt={(index) => rowAt(rows, index)}
          rowKey={({ id }) => id}
          isWaiting={isSearching && rows.total !== null}
          selected={selected}
          sort={query.sort.by === 'place' ? null : { column: query.sort.by, descending: query.sort.descending }}
          onSort={(sort) =>
            handlers.ask({
              sort: sort === null ? usualQuery.sort : { by: sort.column as SortBy, descending: sort.descending },
            })
          }
          onNeed={handlers.need}
          onSelect={({ id }) => handlers.select(id)}
          minWidth={58}
        />
      )}
    </div>
  );
}

function rowColumns(words: ReturnType<typeof useDatasetsWords>): readonly PagedColumn<PagedRow>[] {
  return [
    {
      id: 'place',
      header: words('number'),
      width: '4.5rem',
      align: 'end',
      cell: ({ place }) => formatNumber(place + 1),
    },
    { id: 'prompt', header: words('prompt'), width: 'minmax(12rem, 1.4fr)', cell: ({ prompt }) => prompt },
    { id: 'answer', header: words('answer'), width: 'minmax(10rem, 1.2fr)', cell: ({ answer }) => answer },
    {
      id: 'promptCharacters',
      header: words('promptLength'),
      width: '7.5rem',
      align: 'end',
      sortable: true,
      cell: ({ promptCharacters }) => formatNumber(promptCharacters),
    },
    {
      id: 'answerCharacters',
      header: words('answerLength'),
      width: '7.5rem',
      align: 'end',
      sortable: true,
      cell: ({ answerCharacters }) => formatNumber(answerCharacters),
    },
    {
      id: 'flags',
      header: words('flags'),
      width: '11.5rem',
      sortable: true,
      cell: ({ flags }) => <FlagBadges flags={flags} />,
    },
    {
      id: 'source',
      header: words('source'),
      width: 'minmax(7rem, 0.7fr)',
      sortable: true,
      cell: ({ source, line }) => (line === null ? source : `${source}:${line}`),
    },
  ];
}

function FlagBadges({ flags }: { readonly flags: readonly string[] }) {
  const words = useDatasetsWords();
  const [first, ...others] = flags;
  if (first === undefined) return null;
  return (
    <span title={flags.map((code) => remarkOf(code, words)).join(', ')}>
      <Badge tone="warn">{shortRemarkOf(first, words)}</Badge>
      {others.length > 0 && ` +${others.length}`}
    </span>
  );
}

/** After the last key, before the search begins. */
const restMs = 250;
const anyKind = 'any';

function Tools({ state: { query, rows, isSearching }, kinds, handlers }: RowsTabProps) {
  const words = useDatasetsWords();
  const [typed, setTyped] = useState(query.filter.text);
  const { ask } = handlers;
  const { filter } = query;
  useEffect(() => setTyped(filter.text), [filter.text]);
  useEffect(() => {
    if (typed === filter.text) return undefined;
    const timer = setTimeout(() => ask({ filter: { ...filter, text: typed.slice(0, 200) } }), restMs);
    return () => clearTimeout(timer);
    // `ask` is new at every drawing; what counts is what was typed.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [typed, filter]);
  const present = rowKinds.filter((kind) => (kinds[kind] ?? 0) > 0);
  return (
    <div className={styles['tools']}>
      <TextInput
        type="search"
        className={styles['search']}
        label={words('search')}
        placeholder={words('search')}
        value={typed}
        onChange={setTyped}
      />
      {present.length > 1 && (
        <Select
          className={styles['kind']}
          label={words('kinds')}
          value={filter.kind ?? anyKind}
          onChange={(kind: RowKind | typeof anyKind) =>
            ask({ filter: { ...filter, kind: kind === anyKind ? null : kind } })
          }
          options={[
            { value: anyKind, label: words('anyKind') },
            ...present.map((kind) => ({ value: kind, label: words(`kind_${kind}`) })),
          ]}
        />
      )}
      {filter.flag !== null && (
        <Button onClick={() => ask({ filter: { ...filter, flag: null } })}>
          {words('onlyFlag', { flag: filter.flag })} ×
        </Button>
      )}
      {filter.ids !== null && (
        <Button onClick={() => ask({ filter: { ...filter, ids: null } })}>
          {words('onlyRows', { count: filter.ids.length })} ×
        </Button>
      )}
      {filter.study !== null && (
        <Button onClick={() => ask({ filter: { ...filter, study: null } })}>{words('onlyFigure')} ×</Button>
      )}
      <span className={styles['found']} role="status">
        {isSearching ? (
          <Spinner label={words('searching')} size="small" />
        ) : (
          rows.total !== null && words('rows', { count: rows.total, rows: formatNumber(rows.total) })
        )}
      </span>
    </div>
  );
}
