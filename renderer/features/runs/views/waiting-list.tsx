import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import ArrowUpToLine from 'lucide-react/icons/arrow-up-to-line';
import GripVertical from 'lucide-react/icons/grip-vertical';
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { MainJobView } from '#contract/main-job.ts';
import type { MenuItem } from '../../../ui/menu.tsx';
import { useRunsWords, type RunsWords } from '../runs-words.ts';
import { movedBefore, placeAfterMove, type RunAction, type RunSubject } from '../selectors.ts';
import { RunMenu } from './run-menu.tsx';
import { RunName } from './run-row.tsx';
import classes from './runs.module.css';
import { StateBadge } from './state-badge.tsx';
import { nameOf } from './use-run-acts.ts';

export interface WaitingListProps {
  /** In the order in which they will run. */
  readonly waiting: readonly MainJobView[];
  readonly onAct: (action: RunAction, subject: RunSubject) => void;
  /** Before another waiting one, or last. */
  readonly onMove: (id: string, before: string | null) => void;
}

/** The queue: order changed by dragging, by Alt with the arrow keys, or from each run's menu. */
export function WaitingList({ waiting, onAct, onMove }: WaitingListProps) {
  const words = useRunsWords();
  const queue = useQueue(waiting, onMove);
  return (
    <>
      <ol className={classes['list']} ref={queue.listRef}>
        {queue.shown.map((view, index) => (
          <li
            key={view.id}
            data-run={view.id}
            className={classes['row']}
            data-dragged={queue.dragged === view.id}
            data-target={queue.target === view.id}
            draggable
            onDragStart={(event) => queue.begin(event, view.id)}
            onDragOver={(event) => queue.over(event, view.id)}
            onDragEnd={queue.end}
            onDrop={(event) => queue.drop(event, view.id)}
            onKeyDown={(event) => queue.onKey(event, view)}
          >
            <RunName subject={{ mainJob: view, worker: null }}>
              <GripVertical className={classes['grip']} aria-hidden="true" />
            </RunName>
            <StateBadge state="waiting" />
            <span className={classes['stepText']}>{words('inQueue', { position: index + 1 })}</span>
            <span className={classes['figures']} />
            <span className={classes['rowActions']}>
              <RunMenu subject={{ mainJob: view, worker: null }} onAct={onAct} first={queue.menuOf(index)} />
            </span>
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {queue.spoken}
      </p>
    </>
  );
}

/** The order as the person wants it: shown at once, the engine's word follows. */
function useQueue(waiting: readonly MainJobView[], onMove: WaitingListProps['onMove']) {
  const words = useRunsWords();
  const [shown, setShown] = useState(waiting);
  const [spoken, setSpoken] = useState('');
  const listRef = useRef<HTMLOListElement>(null);
  const focusNext = useRef<string | null>(null);
  useEffect(() => setShown(waiting), [waiting]);
  useEffect(() => {
    // A row that was put elsewhere in the document has lost the focus on its way.
    if (focusNext.current !== null) focusRow(listRef.current, focusNext.current);
    focusNext.current = null;
  }, [shown]);
  const moveBy = (id: string, offset: number): void => {
    const before = placeAfterMove(shown, id, offset);
    if (before === 'unchanged') return;
    const next = movedBefore(shown, id, before);
    const position = indexOf(next, id) + 1;
    const moved = next[position - 1];
    if (moved === undefined) return;
    setShown(next);
    setSpoken(words('moved', { name: nameOf({ mainJob: moved, worker: null }), position, count: next.length }));
    onMove(id, before);
  };
  return {
    shown,
    spoken,
    listRef,
    ...useDrag((dragged, onto) => moveBy(dragged, indexOf(shown, onto) - indexOf(shown, dragged))),
    onKey(event: KeyboardEvent, { id }: MainJobView): void {
      const offset = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
      if (offset === 0 || !event.altKey) return;
      event.preventDefault();
      focusNext.current = id;
      moveBy(id, offset);
    },
    menuOf: (index: number): readonly MenuItem[] => {
      const { id = '' } = shown[index] ?? {};
      return menuItems({ index, count: shown.length, moveBy: (offset) => moveBy(id, offset), words });
    },
  };
}

function useDrag(onDropped: (dragged: string, onto: string) => void) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const end = (): void => {
    setDragged(null);
    setTarget(null);
  };
  return {
    dragged,
    target,
    end,
    begin(event: DragEvent, id: string): void {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', id);
      setDragged(id);
    },
    over(event: DragEvent, id: string): void {
      if (dragged === null) return;
      event.preventDefault();
      setTarget(id === dragged ? null : id);
    },
    drop(event: DragEvent, onto: string): void {
      event.preventDefault();
      if (dragged !== null && dragged !== onto) onDropped(dragged, onto);
      end();
    },
  };
}

function focusRow(list: HTMLElement | null, id: string): void {
  list?.querySelector<HTMLElement>(`[data-run="${CSS.escape(id)}"] a`)?.focus();
}

interface MenuPlace {
  readonly index: number;
  readonly count: number;
  readonly moveBy: (offset: number) => void;
  readonly words: RunsWords;
}

/** The same moves for those who neither drag nor know the keys. */
function menuItems({ index, count, moveBy, words }: MenuPlace): readonly MenuItem[] {
  const item = (id: string, label: string, rest: Pick<MenuItem, 'icon' | 'keys' | 'onSelect'>): MenuItem => ({
    id,
    label,
    ...rest,
  });
  return [
    ...(index > 0
      ? [
          item('first', words('moveFirst'), {
            icon: <ArrowUpToLine aria-hidden="true" />,
            onSelect: () => moveBy(-index),
          }),
          item('up', words('moveUp'), {
            icon: <ArrowUp aria-hidden="true" />,
            keys: 'Alt+ArrowUp',
            onSelect: () => moveBy(-1),
          }),
        ]
      : []),
    ...(index < count - 1
      ? [
          item('down', words('moveDown'), {
            icon: <ArrowDown aria-hidden="true" />,
            keys: 'Alt+ArrowDown',
            onSelect: () => moveBy(1),
          }),
        ]
      : []),
  ];
}

function indexOf(all: readonly MainJobView[], id: string): number {
  return all.findIndex((view) => view.id === id);
}
