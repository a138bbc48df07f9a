import { useMemo } from 'react';
import { mainJobSorts, type MainJobView } from '#contract/main-job.ts';
import { DotPlot } from '../../../ui/dot-plot.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { DataTable, type Sort, type TableColumn } from '../../../ui/table.tsx';
import { formatNumber } from '../../../words/format.ts';
import type { FinishedSort } from '../finished-store.ts';
import { useRunsWords } from '../runs-words.ts';
import { currentStep, stateWord, type RunAction, type RunSubject } from '../selectors.ts';
import { RunMenu } from './run-menu.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import classes from './runs.module.css';
import { StateBadge } from './state-badge.tsx';
import { nameOf } from './use-run-acts.ts';

interface FinishedTableProps {
  /** Newest first. */
  readonly finished: readonly MainJobView[];
  readonly onAct: (action: RunAction, subject: RunSubject) => void;
  readonly onOpen: (id: string) => void;
  /** Where the engine sorts and hands out a page at a time; else the table sorts what it was given. */
  readonly paged?: PagedFinished | undefined;
}

export interface PagedFinished {
  readonly total: number;
  readonly sort: FinishedSort | null;
  readonly onSort: (sort: FinishedSort | null) => void;
  readonly onMore: () => void;
}

/** Runs that are over: how they ended and, where it was measured, what they brought. */
export function FinishedTable({ finished, onAct, onOpen, paged }: FinishedTableProps) {
  const words = useRunsWords();
  const columns = useMemo(() => columnsOf(words, onAct), [words, onAct]);
  return (
    <>
      <DataTable
        label={words('finished')}
        columns={columns}
        rows={finished}
        rowKey={({ id }) => id}
        onOpen={({ id }) => onOpen(id)}
        minWidth={52}
        empty={null}
        total={paged?.total}
        sort={paged?.sort}
        onSort={paged === undefined ? undefined : (sort) => paged.onSort(finishedSortOf(sort))}
        onNearEnd={paged?.onMore}
      />
      {paged !== undefined && paged.total > finished.length && (
        <p className={classes['shown']}>
          {words('shownOf', { shown: formatNumber(finished.length), total: formatNumber(paged.total) })}
        </p>
      )}
    </>
  );
}

function finishedSortOf(sort: Sort | null): FinishedSort | null {
  const column = mainJobSorts.find((known) => known === sort?.column);
  return sort === null || column === undefined ? null : { column, descending: sort.descending };
}

function columnsOf(
  words: ReturnType<typeof useRunsWords>,
  onAct: FinishedTableProps['onAct'],
): readonly TableColumn<MainJobView>[] {
  return [
    {
      id: 'name',
      header: words('run'),
      width: 'minmax(9rem, 1.2fr)',
      sortable: true,
      sortValue: nameOfView,
      cell: (view) => <strong className={classes['cellName']}>{nameOfView(view)}</strong>,
    },
    {
      id: 'state',
      header: words('state'),
      width: '7.5rem',
      sortable: true,
      sortValue: ({ state }) => state,
      cell: (view) => <StateBadge state={stateWord({ mainJob: view, worker: null })} />,
    },
    {
      id: 'outcome',
      header: words('outcome'),
      width: 'minmax(12rem, 2.6fr)',
      cell: (view) => <Outcome view={view} />,
    },
    {
      id: 'score',
      header: words('score'),
      width: '11rem',
      sortable: true,
      sortValue: ({ result }) => result?.tunedScore ?? null,
      cell: (view) => <Score view={view} label={words('score')} />,
    },
    {
      id: 'ended',
      header: words('ended'),
      width: '8.5rem',
      align: 'end',
      sortable: true,
      sortValue: ({ updatedAt }) => updatedAt,
      cell: ({ updatedAt }) => <RelativeTime time={updatedAt} className={classes['quiet']} />,
    },
    {
      id: 'actions',
      header: <span className="visually-hidden">{words('actions')}</span>,
      name: words('actions'),
      width: '3rem',
      align: 'end',
      cell: (view) => (
        // The menu is drawn elsewhere in the document, yet its presses come up here: they must not open the row.
        <span onClick={(event) => event.stopPropagation()}>
          <RunMenu subject={{ mainJob: view, worker: null }} onAct={onAct} />
        </span>
      ),
    },
  ];
}

function nameOfView(view: MainJobView): string {
  return nameOf({ mainJob: view, worker: null });
}

/** The verdict, or what went wrong, or the step that was reached. */
function Outcome({ view }: { readonly view: MainJobView }) {
  const { say, failure } = useSpeaker();
  return (
    <span className={classes['cellText']}>
      {view.failure === null
        ? say(view.result?.verdict ?? currentStep(view)?.text ?? '')
        : failure(view.failure).message}
    </span>
  );
}

function Score({ view, label }: { readonly view: MainJobView; readonly label: string }) {
  const { baseScore = null, tunedScore = null } = view.result ?? {};
  if (tunedScore === null) return <span className={classes['quiet']}>–</span>;
  return (
    <span className={classes['score']}>
      <DotPlot
        size="tiny"
        label={label}
        unit=""
        minimum={0}
        maximum={100}
        base={baseScore === null ? null : { value: baseScore }}
        tuned={{ value: tunedScore }}
      />
      <span>{formatNumber(tunedScore)}</span>
    </span>
  );
}
