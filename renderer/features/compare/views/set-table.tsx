import { useMemo } from 'react';
import type { ComparisonView } from '#contract/comparisons.ts';
import { Badge } from '../../../ui/badge.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { formatNumber } from '../../../words/format.ts';
import { useComparisonWords } from '../comparison-words.ts';
import { columnsOf, type RowAnswer, type SetColumn, type TurnRow } from '../turn-rows.ts';
import classes from './comparison-view.module.css';

interface SetTableProps {
  readonly view: ComparisonView;
  readonly rows: readonly (TurnRow | undefined)[];
  readonly onOpen: (turn: number) => void;
}

/** A set at a glance: prompts as rows, models as columns. */
export function SetTable({ view, rows, onOpen }: SetTableProps) {
  const words = useComparisonWords();
  const { models } = view;
  const known = useMemo(() => rows.filter((row) => row !== undefined), [rows]);
  const columns = useMemo(() => tableColumns(columnsOf({ models }), words), [models, words]);
  return (
    <DataTable<TurnRow>
      className={classes['table']}
      label={view.title}
      rows={known}
      columns={columns}
      rowKey={(row) => String(row.turn)}
      onOpen={(row) => onOpen(row.turn)}
      empty={words('noTurns')}
      minWidth={48}
      virtual
    />
  );
}

function tableColumns(
  columns: readonly SetColumn[],
  words: ReturnType<typeof useComparisonWords>,
): readonly TableColumn<TurnRow>[] {
  return [
    {
      id: 'number',
      header: '#',
      align: 'end',
      width: '3.5rem',
      cell: (row) => formatNumber(row.turn + 1),
      sortable: true,
      sortValue: (row) => row.turn,
    },
    {
      id: 'prompt',
      header: words('prompt'),
      width: 'minmax(10rem, 1fr)',
      cell: (row) => <span className={classes['cellText']}>{row.prompt}</span>,
      sortable: true,
      sortValue: (row) => row.prompt,
    },
    ...columns.map((column) => ({
      id: column.id,
      header: column.header,
      width: 'minmax(9rem, 1fr)',
      cell: (row: TurnRow) => <Cell column={column} answer={column.answerOf(row)} />,
      sortable: true,
      sortValue: (row: TurnRow) => rankOf(column.answerOf(row)),
    })),
    {
      id: 'vote',
      header: words('voteColumn'),
      width: '11rem',
      cell: (row) => <VoteCell row={row} />,
      sortable: true,
      sortValue: voteOf,
    },
  ];
}

/** By points; where nothing is scored, answers that were voted best come together. */
function rankOf(answer: RowAnswer | undefined): number | null {
  if (answer === undefined || answer.state === 'waiting' || answer.state === 'streaming') return null;
  return answer.points ?? (answer.isBest ? 1 : 0);
}

function voteOf({ vote, answers }: TurnRow): string | null {
  if (vote === null) return null;
  return typeof vote === 'string' ? vote : (answers.find(({ isBest }) => isBest)?.label ?? null);
}

function Cell({ column, answer }: { readonly column: SetColumn; readonly answer: RowAnswer | undefined }) {
  const words = useComparisonWords();
  if (answer === undefined) return null;
  const { state, points, firstLine, isBest, label, model } = answer;
  if (state === 'waiting') return <span className={classes['muted']}>{words('cellWaiting')}</span>;
  if (state === 'streaming') return <span className={classes['muted']}>{words('cellWriting')}</span>;
  return (
    <span className={classes['cell']}>
      {points !== null && <span className={classes['points']}>{formatNumber(points)}</span>}
      {isBest && <Badge tone="accent">{words('best')}</Badge>}
      {column.namesModels && model !== null && <span className={classes['cellName']}>{label}</span>}
      {state === 'failed' ? (
        <span className={classes['failed']}>{words('cellFailed')}</span>
      ) : (
        <span className={classes['cellText']}>
          {firstLine === '' && state === 'stopped' ? words('cellStopped') : firstLine}
        </span>
      )}
    </span>
  );
}

function VoteCell({ row }: { readonly row: TurnRow }) {
  const words = useComparisonWords();
  const best = row.answers.find(({ isBest }) => isBest);
  const text =
    row.vote === 'tie' ? words('tie') : row.vote === 'none' ? words('none') : best === undefined ? null : best.label;
  return (
    <span className={classes['cell']}>
      {text === null ? (
        <span className={classes['muted']}>{words('noVote')}</span>
      ) : (
        <span className={classes['cellText']}>{text}</span>
      )}
      {row.kept.length > 0 && <Badge tone="good">{words('keptShort')}</Badge>}
    </span>
  );
}
