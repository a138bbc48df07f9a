import type { ComparisonTurn } from '#contract/comparisons.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { paneLetter } from '../compared-models.ts';
import { useComparisonWords } from '../comparison-words.ts';
import { rejectable } from '../keeping.ts';
import { firstLineOf } from '../turn-rows.ts';
import classes from './turn.module.css';

interface RejectedDialogProps {
  readonly turn: ComparisonTurn;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onChoose: (pane: number) => void;
}

/** With more than two answers a pair needs to be told which one is the worse. */
export function RejectedDialog({ turn, isOpen, onClose, onChoose }: RejectedDialogProps) {
  const words = useComparisonWords();
  return (
    <Dialog open={isOpen} onClose={onClose} title={words('rejectTitle')}>
      <p>{words('rejectText')}</p>
      <ul className={classes['rejects']}>
        {rejectable(turn).map(({ pane, label, text }) => {
          const letter = paneLetter(pane);
          const isOriginal = turn.edited?.pane === pane;
          return (
            <li key={pane}>
              <Button className={classes['reject']} onClick={() => onChoose(pane)}>
                {isOriginal ? words('rejectOriginal', { letter }) : letter === label ? letter : `${letter} · ${label}`}
                <span className={classes['rejectText']}>{firstLineOf(text)}</span>
              </Button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
