import CirclePause from 'lucide-react/icons/circle-pause';
import CirclePlay from 'lucide-react/icons/circle-play';
import CircleX from 'lucide-react/icons/circle-x';
import CopyPlus from 'lucide-react/icons/copy-plus';
import Ellipsis from 'lucide-react/icons/ellipsis';
import CircleStop from 'lucide-react/icons/circle-stop';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import Trash2 from 'lucide-react/icons/trash-2';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { Menu, type MenuItem } from '../../../ui/menu.tsx';
import { useRunsWords } from '../runs-words.ts';
import { allowedActions, stateWord, type RunAction, type RunSubject } from '../selectors.ts';
import { nameOf } from './use-run-acts.ts';

export const actionIcons: Readonly<Record<RunAction, ReactNode>> = {
  pause: <CirclePause aria-hidden="true" />,
  resume: <CirclePlay aria-hidden="true" />,
  finish: <CircleStop aria-hidden="true" />,
  cancel: <CircleX aria-hidden="true" />,
  goOn: <RotateCcw aria-hidden="true" />,
  duplicate: <CopyPlus aria-hidden="true" />,
  remove: <Trash2 aria-hidden="true" />,
};

interface RunMenuProps {
  readonly subject: RunSubject;
  readonly onAct: (action: RunAction, subject: RunSubject) => void;
  /** Before the others: moving in the queue. */
  readonly first?: readonly MenuItem[];
  /** Those that stand beside the menu as buttons. */
  readonly without?: readonly RunAction[];
}

/** Everything that can be done with a run as it stands. */
export function RunMenu({ subject, onAct, first = [], without = [] }: RunMenuProps) {
  const words = useRunsWords();
  const actions = [...allowedActions(subject)].filter((action) => !without.includes(action));
  const isWaiting = stateWord(subject) === 'waiting';
  const own: readonly MenuItem[] = actions.map((action) => ({
    id: action,
    label: words(action === 'cancel' && isWaiting ? 'takeOut' : action),
    icon: actionIcons[action],
    danger: action === 'remove',
    onSelect: () => onAct(action, subject),
  }));
  if (first.length + own.length === 0) return null;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={words('actionsOf', { name: nameOf(subject) })} icon={<Ellipsis aria-hidden="true" />} />
      }
      items={first.length > 0 && own.length > 0 ? [...first, 'line', ...own] : [...first, ...own]}
    />
  );
}
