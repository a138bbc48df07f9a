import { useEffect, useMemo, useRef, type ReactNode, type UIEvent } from 'react';
import type { LogLevel, LogLine } from '#contract/engine-log.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { formatMoment } from '../../../words/format.ts';
import { clockTime, fieldsText } from '../log-text.ts';
import { useLogWords, type LogWords } from '../log-words.ts';
import classes from './log.module.css';

export interface LogTableProps {
  readonly lines: readonly LogLine[];
  /** Place of the opened line. */
  readonly selected: number | null;
  readonly onSelect: (line: LogLine) => void;
  /** The newest line is kept in sight. */
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly empty: ReactNode;
}

/** How near to the end still counts as being there, in CSS pixels. */
const slack = 40;
const upKeys: ReadonlySet<string> = new Set(['ArrowUp', 'PageUp', 'Home']);

/** The lines, the newest at the foot; only those in sight are drawn. Going up lets go of the end, coming back takes hold of it again. */
export function LogTable({ lines, selected, onSelect, isFollowing, onFollow, empty }: LogTableProps) {
  const words = useLogWords();
  const columns = useMemo(() => columnsOf(words), [words]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isFollowing) return undefined;
    const grid = box.current?.querySelector('[role="grid"]');
    const goDown = (): void => {
      if (grid != null) grid.scrollTop = grid.scrollHeight;
    };
    goDown();
    // The list takes its own place once more when it is first drawn.
    const frame = requestAnimationFrame(goDown);
    return () => cancelAnimationFrame(frame);
  }, [isFollowing, lines]);
  const letGo = (): void => {
    if (isFollowing) onFollow(false);
  };
  const onScroll = ({ target }: UIEvent): void => {
    if (isFollowing || selected !== null || !(target instanceof HTMLElement)) return;
    if (target.scrollHeight - target.scrollTop - target.clientHeight < slack) onFollow(true);
  };
  return (
    <div
      ref={box}
      className={classes['box']}
      onScrollCapture={onScroll}
      onWheel={({ deltaY }) => deltaY < 0 && letGo()}
      onPointerDown={({ target }) => target instanceof Element && target.getAttribute('role') === 'grid' && letGo()}
      onKeyDown={({ key }) => upKeys.has(key) && letGo()}
    >
      <DataTable
        className={classes['table']}
        label={words('title')}
        columns={columns}
        rows={lines}
        rowKey={keyOf}
        selected={selected === null ? null : String(selected)}
        onSelect={onSelect}
        virtual
        minWidth={44}
        empty={empty}
      />
    </div>
  );
}

const keyOf = ({ at }: LogLine): string => String(at);

const toneOf = { debug: 'neutral', info: 'neutral', warn: 'warn', error: 'bad' } as const satisfies Record<
  LogLevel,
  BadgeTone
>;

function columnsOf(words: LogWords): readonly TableColumn<LogLine>[] {
  return [
    {
      id: 'when',
      header: words('when'),
      width: '7rem',
      cell: ({ t }) =>
        t === null ? (
          ''
        ) : (
          <time className={classes['time']} dateTime={new Date(t).toISOString()} title={formatMoment(t)}>
            {clockTime(t)}
          </time>
        ),
    },
    {
      id: 'level',
      header: words('levelOf'),
      width: '6rem',
      cell: ({ level }) => (
        <Badge tone={level === null ? 'neutral' : toneOf[level]}>
          {level === null ? words('plain') : words(`level-${level}`)}
        </Badge>
      ),
    },
    { id: 'module', header: words('module'), width: '7rem', cell: ({ module }) => module ?? '' },
    {
      id: 'message',
      header: words('message'),
      width: 'minmax(20rem, 1fr)',
      cell: (line) => (
        <span className={classes['message']}>
          {line.message}
          <span className={classes['noted']}>{fieldsText(line)}</span>
        </span>
      ),
    },
  ];
}
