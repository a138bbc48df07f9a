import type { ForgeErrorData } from '#contract/error-data.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatNumber } from '../../../words/format.ts';
import { formatShortTime } from '../../compare/answer-figures.ts';
import type { LiveTexts } from '../../compare/live-texts.ts';
import { AnswerText } from '../../compare/views/answer-text.tsx';
import { LiveAnswer } from '../../compare/views/live-answer.tsx';
import { LongText } from '../../compare/views/long-text.tsx';
import { tokensPerSecond, type ChatFigures, type ChatTurn } from '../chat-conversation.ts';
import { useChatWords } from '../models-words.ts';
import classes from './chat-view.module.css';

interface ChatMessageProps {
  readonly turn: ChatTurn;
  /** `name:v3`; also the place of its growing text. */
  readonly model: string;
  readonly live: LiveTexts;
  /** The version cannot be asked any more. */
  readonly isGone: boolean;
  readonly isLast: boolean;
  readonly onRetry: () => void;
}

const questionShown = 2_000;

/** One message: a question as it was written, or an answer with how it came to be. */
export function ChatMessage(props: ChatMessageProps) {
  const { turn, model } = props;
  const words = useChatWords();
  if (turn.role === 'user')
    return (
      <li className={classes['question']}>
        <span className="visually-hidden">{words('you')}</span>
        <LongText text={turn.text} shown={questionShown} label={words('message')} />
      </li>
    );
  return (
    <li className={classes['answer']}>
      <span className={classes['who']}>{model}</span>
      <Answer {...props} />
    </li>
  );
}

function Answer({ turn, model, live, isGone, isLast, onRetry }: ChatMessageProps) {
  const words = useChatWords();
  if (turn.state === 'writing') return <LiveAnswer live={live} place={model} waiting={words('writing')} />;
  return (
    <>
      {(turn.text !== '' || turn.state === 'done') && <AnswerText text={turn.text} isPlain={false} label={model} />}
      {(turn.text !== '' || turn.failure === null) && (
        <div className={classes['foot']}>
          {turn.state === 'stopped' && <span>{words('stopped')}</span>}
          {turn.figures !== null && <Figures figures={turn.figures} />}
          {turn.text !== '' && <CopyButton text={turn.text} label={words('copyAnswer')} />}
          {isLast && turn.failure === null && !isGone && (
            <Button kind="quiet" onClick={onRetry}>
              {words('again')}
            </Button>
          )}
        </div>
      )}
      {turn.failure !== null && (
        <BrokenOff turn={turn} failure={turn.failure} isGone={isGone} onRetry={isLast ? onRetry : null} />
      )}
    </>
  );
}

interface BrokenOffProps {
  readonly turn: ChatTurn;
  readonly failure: ForgeErrorData;
  readonly isGone: boolean;
  /** Null where it is not the last answer. */
  readonly onRetry: (() => void) | null;
}

/** Codes of an answer whose model is to be had again: it was unloaded, its process ended, or the engine was away for a moment. */
const comesBack: ReadonlySet<string> = new Set(['serving.crashed', 'serving.nothing-loaded', 'window.call-failed']);

/** What ended the answer before its end, what stays of it, and the way on. */
function BrokenOff({ turn, failure, isGone, onRetry }: BrokenOffProps) {
  const words = useChatWords();
  if (isGone || failure.code === 'serving.unknown-model') {
    const told = { ...failure, message: words('goneTitle'), remedy: words('goneText') };
    return <ErrorNotice failure={told} actions={<LinkButton to="/models">{words('toModels')}</LinkButton>} />;
  }
  if (!comesBack.has(failure.code) || onRetry === null)
    return <ErrorNotice failure={failure} {...(onRetry !== null && { onRetry })} />;
  const remedy = words(turn.text === '' ? 'loadAgainText' : 'goOnText');
  return (
    <ErrorNotice
      failure={{ ...failure, message: words('leftMemory'), remedy }}
      actions={<Button onClick={onRetry}>{words(turn.text === '' ? 'loadAgain' : 'goOn')}</Button>}
    />
  );
}

function Figures({ figures }: { readonly figures: ChatFigures }) {
  const words = useChatWords();
  const speed = tokensPerSecond(figures);
  const parts = [
    ...(figures.finishReason === 'length' ? [words('cutOff')] : []),
    words('firstToken', { time: formatShortTime(figures.firstTokenMs) }),
    ...(speed === null ? [] : [words('perSecond', { count: formatNumber(speed, speed < 10 ? 1 : 0) })]),
    words('tokenCount', { count: figures.tokens }),
  ];
  return <span>{parts.join(' · ')}</span>;
}
