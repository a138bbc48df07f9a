import Pencil from 'lucide-react/icons/pencil';
import type { ComparedAnswer, ComparisonTurn } from '#contract/comparisons.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button, IconButton, LinkButton } from '../../../ui/button.tsx';
import { classes as joined } from '../../../ui/classes.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { answerFigures } from '../answer-figures.ts';
import { paneLetter } from '../compared-models.ts';
import { isEnded } from '../comparison-turns.ts';
import { useComparisonWords } from '../comparison-words.ts';
import type { LiveTexts } from '../live-texts.ts';
import { bestPane } from '../turn-rows.ts';
import { AnswerEditor } from './answer-editor.tsx';
import { AnswerText } from './answer-text.tsx';
import classes from './turn.module.css';
import { LiveComparedAnswer } from './live-answer.tsx';

export interface PaneProps {
  readonly turn: ComparisonTurn;
  readonly answer: ComparedAnswer;
  readonly live: LiveTexts;
  readonly isPlain: boolean;
  readonly isEditing: boolean;
  readonly hasKeys: boolean;
  readonly onEdit: () => void;
  readonly onSaveEdit: (text: string) => void;
  readonly onCancelEdit: () => void;
  readonly onDropEdit: () => void;
  readonly onRetry: () => void;
}

/** One answer: whose it is, what it says, how it came to be. */
export function Pane(props: PaneProps) {
  const { turn, answer } = props;
  const words = useComparisonWords();
  const letter = paneLetter(answer.pane);
  const isBest = bestPane(turn.vote) === answer.pane;
  const label =
    answer.model === null ? words('answerOf', { letter }) : words('answerOfModel', { letter, model: answer.label });
  const figures = answerFigures(answer, words);
  return (
    <section className={joined(classes['pane'], isBest && classes['best'])} aria-label={label} data-pane={answer.pane}>
      <header className={classes['paneHead']}>
        <span className={classes['letter']} aria-hidden>
          {letter}
        </span>
        <h3 className={classes['paneName']}>{answer.model === null ? label : answer.label}</h3>
        {isBest && <Badge tone="accent">{words('best')}</Badge>}
        <PaneActions {...props} letter={letter} />
      </header>
      <div className={classes['paneBody']}>
        <PaneBody {...props} label={label} />
      </div>
      <p className={classes['figures']}>{figures.length === 0 ? '\u00A0' : figures.join(' · ')}</p>
    </section>
  );
}

function PaneActions({ answer, letter, hasKeys, isEditing, onEdit }: PaneProps & { readonly letter: string }) {
  const words = useComparisonWords();
  if (!isEnded(answer) || isEditing) return null;
  return (
    <span className={classes['paneActions']}>
      {answer.text !== '' && <CopyButton text={answer.text} label={words('copyAnswer', { letter })} />}
      <IconButton
        label={words('editAnswer', { letter })}
        icon={<Pencil />}
        keys={hasKeys ? 'E' : undefined}
        onClick={onEdit}
      />
    </span>
  );
}

function PaneBody(props: PaneProps & { readonly label: string }) {
  const { turn, answer, live, isPlain, isEditing, label } = props;
  const words = useComparisonWords();
  const edited = turn.edited?.pane === answer.pane ? turn.edited.text : null;
  if (isEditing)
    return (
      <AnswerEditor
        pane={answer.pane}
        text={edited ?? answer.text}
        onSave={props.onSaveEdit}
        onCancel={props.onCancelEdit}
      />
    );
  if (answer.state === 'waiting') return <p className={classes['quiet']}>{words('waiting')}</p>;
  if (answer.state === 'streaming')
    return <LiveComparedAnswer live={live} turn={turn.turn} pane={answer.pane} waiting={words('writing')} />;
  return (
    <>
      {edited !== null && <Wished text={edited} isPlain={isPlain} onDrop={props.onDropEdit} />}
      {(answer.text !== '' || answer.state === 'done') && (
        <AnswerText text={answer.text} isPlain={isPlain} label={label} />
      )}
      <Trouble answer={answer} onRetry={props.onRetry} />
    </>
  );
}

function Wished({
  text,
  isPlain,
  onDrop,
}: {
  readonly text: string;
  readonly isPlain: boolean;
  readonly onDrop: () => void;
}) {
  const words = useComparisonWords();
  return (
    <div className={classes['wished']}>
      <div className={classes['wishedHead']}>
        <Badge tone="info">{words('wished')}</Badge>
        <Button kind="quiet" onClick={onDrop}>
          {words('dropEdit')}
        </Button>
      </div>
      <AnswerText text={text} isPlain={isPlain} label={words('wished')} />
    </div>
  );
}

const keyProblems = ['provider.key-missing', 'provider.key-refused', 'provider.unknown', 'provider.bad-address'];

/** Why a pane has no whole answer, and what can be done about it there. */
function Trouble({ answer, onRetry }: { readonly answer: ComparedAnswer; readonly onRetry: () => void }) {
  const words = useComparisonWords();
  const { failure, state } = answer;
  if (failure !== null) {
    const toProviders = keyProblems.includes(failure.code) && (
      <LinkButton to="/settings/providers">{words('setKey')}</LinkButton>
    );
    return <ErrorNotice failure={failure} onRetry={onRetry} {...(toProviders !== false && { actions: toProviders })} />;
  }
  if (state !== 'stopped') return null;
  return (
    <p className={classes['stopped']}>
      {words('answerStopped')} <Button onClick={onRetry}>{words('retryAgain')}</Button>
    </p>
  );
}
