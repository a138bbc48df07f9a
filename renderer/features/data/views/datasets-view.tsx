import { useMemo } from 'react';
import type { FoundryJob, VersionReference } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { Button } from '../../../ui/button.tsx';
import type { Dropped } from '../../../ui/dropped-files.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { DataTable } from '../../../ui/table.tsx';
import type { DatasetRow } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { datasetColumns } from './dataset-columns.tsx';
import { DatasetInspector } from './dataset-inspector.tsx';
import styles from './datasets-view.module.css';
import { JobList, type JobHandlers } from './job-list.tsx';

export interface DatasetHandlers extends JobHandlers {
  select(id: string | null): void;
  open(reference: VersionReference): void;
  /** Begins an import. */
  bring(): void;
  drop(dropped: Dropped): void;
  /** Of one dataset. */
  remove(references: readonly VersionReference[]): void;
  retry(): void;
}

export interface DatasetsViewProps {
  /** Null: not read yet. */
  readonly rows: readonly DatasetRow[] | null;
  readonly jobs: readonly FoundryJob[];
  readonly failure: ForgeErrorData | null;
  readonly selected: string | null;
  readonly handlers: DatasetHandlers;
}

/** Every version of every dataset; what runs above, the selected one at the right. */
export function DatasetsView(props: DatasetsViewProps) {
  const { rows, jobs, failure, handlers } = props;
  const words = useDatasetsWords();
  const selected = rows?.find(({ id }) => id === props.selected) ?? null;
  const isFull = rows !== null && rows.length > 0;
  return (
    <Page
      layout={isFull ? 'fill' : 'scroll'}
      title={words('title')}
      subtitle={isFull ? words('subtitle', { count: rows.length }) : undefined}
      actions={
        isFull && (
          <Button kind="primary" onClick={handlers.bring}>
            {words('bring')}
          </Button>
        )
      }
      {...(selected !== null && {
        inspector: <DatasetInspector key={selected.id} row={selected} handlers={handlers} />,
        inspectorTitle: selected.id,
        onInspectorClose: () => handlers.select(null),
      })}
    >
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.retry} />}
      <JobList jobs={jobs} handlers={handlers} />
      <Versions {...props} />
    </Page>
  );
}

function Versions({ rows, failure, selected, handlers }: DatasetsViewProps) {
  const words = useDatasetsWords();
  const columns = useMemo(() => datasetColumns(words), [words]);
  if (rows === null) return failure === null ? <Skeleton lines={8} height={1.75} /> : null;
  if (rows.length === 0) return <NoDatasets handlers={handlers} />;
  return (
    <DataTable<DatasetRow>
      className={styles['table']}
      label={words('title')}
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      selected={selected}
      onSelect={({ id }) => handlers.select(id)}
      onOpen={({ version }) => handlers.open(version)}
      minWidth={46}
      empty={null}
    />
  );
}

const ways = ['see', 'map', 'check', 'use'] as const;

/** The first visit: what this place does, and the one thing to do. */
function NoDatasets({ handlers }: Pick<DatasetsViewProps, 'handlers'>) {
  const words = useDatasetsWords();
  return (
    <div className={styles['first']}>
      <h2>{words('emptyTitle')}</h2>
      <p className={styles['firstText']}>{words('emptyText')}</p>
      <FileDrop
        multiple
        label={words('drop')}
        hint={words('dropHint')}
        onFiles={(files) => handlers.drop({ files, folders: [] })}
        onFolder={(folder) => handlers.drop({ files: [], folders: [folder] })}
      />
      <p className={styles['otherWays']}>
        <Button kind="quiet" onClick={handlers.bring}>
          {words('otherWays')}
        </Button>
      </p>
      <ol className={styles['ways']}>
        {ways.map((way) => (
          <li key={way}>
            <h3>{words(`way_${way}`)}</h3>
            <p>{words(`wayText_${way}`)}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}
