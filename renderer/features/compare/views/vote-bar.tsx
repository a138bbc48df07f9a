import type { ComparisonTurn, Vote } from '#contract/comparisons.ts';
import { Button } from '../../../ui/button.tsx';
import { paneLetter } from '../compared-models.ts';
import { isVotable } from '../comparison-turns.ts';
import { useComparisonWords } from '../comparison-words.ts';
import { isSameVote, votedAgain } from '../turn-keys.ts';
import classes from './turn.module.css';

interface VoteBarProps {
  readonly turn: ComparisonTurn;
  /** The keys act on this turn, so the buttons show them. */
  readonly hasKeys: boolean;
  readonly onVote: (vote: Vote | null) => void;
}

/** Which answer is best. A press on what was chosen takes it back. */
export function VoteBar({ turn, hasKeys, onVote }: VoteBarProps) {
  const words = useComparisonWords();
  const waits = isVotable(turn) ? null : words('voteWaits');
  const shared = { turn, hasKeys, onVote };
  return (
    <div className={classes['votes']} role="group" aria-label={words('voteLabel')}>
      {turn.answers.map(({ pane, state }) => (
        <Choice
          key={pane}
          {...shared}
          vote={{ pane }}
          keys={String(pane + 1)}
          obstacle={waits ?? (state === 'failed' ? words('voteFailedPane') : null)}
        >
          {words('voteFor', { letter: paneLetter(pane) })}
        </Choice>
      ))}
      <Choice {...shared} vote="tie" keys="=" obstacle={waits}>
        {words('voteTie')}
      </Choice>
      <Choice {...shared} vote="none" keys="0" obstacle={waits}>
        {words('voteNone')}
      </Choice>
      <span className="visually-hidden" aria-live="polite">
        {turn.vote !== null && voteSentence(turn, words)}
      </span>
    </div>
  );
}

interface ChoiceProps extends VoteBarProps {
  readonly vote: Vote;
  readonly keys: string;
  /** Why it cannot be chosen; null when it can. */
  readonly obstacle: string | null;
  readonly children: string;
}

function Choice({ turn, hasKeys, onVote, vote, keys, obstacle, children }: ChoiceProps) {
  return (
    <Button
      className={classes['choice']}
      keys={hasKeys ? keys : undefined}
      aria-pressed={isSameVote(turn.vote, vote)}
      disabledReason={obstacle}
      onClick={() => onVote(votedAgain(turn.vote, vote))}
    >
      {children}
    </Button>
  );
}

function voteSentence(turn: ComparisonTurn, words: ReturnType<typeof useComparisonWords>): string {
  if (turn.vote === 'tie') return words('choseTie');
  if (turn.vote === 'none' || turn.vote === null) return words('choseNone');
  const { pane } = turn.vote;
  const label = turn.answers.find((answer) => answer.pane === pane)?.label ?? '';
  return words('chose', { name: label === paneLetter(pane) ? label : `${paneLetter(pane)} · ${label}` });
}
