import type { ReactNode } from 'react';
import { Badge } from '../../../ui/badge.tsx';
import type { CanonicalMessage, CanonicalRow, CheckFlag } from '#contract/rows.ts';
import { classes } from '../../../ui/classes.ts';
import bubbles from '../../create/views/row-preview.module.css';
import { useDatasetsWords } from '../datasets-words.ts';
import { flagsAt, markedPieces } from '../flag-spans.ts';
import styles from './row-texts.module.css';

/** A row to be read: its messages or its text, what is learned underlined, remarks at their places. */
export function RowTexts({ row }: { readonly row: CanonicalRow }) {
  const { flags } = row;
  switch (row.kind) {
    case 'sft':
    case 'prompt':
      return <Messages place="messages" messages={row.messages} flags={flags} />;
    case 'preference':
      return (
        <div className={styles['parts']}>
          <Messages place="prompt" messages={row.prompt} flags={flags} />
          <Part word="chosen" tone="good">
            <Messages place="chosen" messages={row.chosen} flags={flags} />
          </Part>
          <Part word="rejectedAnswer" tone="bad">
            <Messages place="rejected" messages={row.rejected} flags={flags} isLearned={false} />
          </Part>
        </div>
      );
    case 'unpaired':
      return (
        <div className={styles['parts']}>
          <Messages place="prompt" messages={row.prompt} flags={flags} />
          <Part word={row.label ? 'marked_good' : 'marked_bad'} tone={row.label ? 'good' : 'bad'}>
            <Messages place="completion" messages={row.completion} flags={flags} isLearned={row.label} />
          </Part>
        </div>
      );
    case 'text':
      return (
        <p className={classes(bubbles['bubble'], bubbles['assistant'], styles['wide'])}>
          <span className={bubbles['learnedText']}>
            <MarkedText text={row.text} flags={flagsAt(flags, 'text')} />
          </span>
        </p>
      );
  }
}

interface PartProps {
  readonly word: 'chosen' | 'rejectedAnswer' | 'marked_good' | 'marked_bad';
  readonly tone: 'good' | 'bad';
  readonly children: ReactNode;
}

function Part({ word, tone, children }: PartProps) {
  const words = useDatasetsWords();
  return (
    <div className={styles['part']}>
      <Badge tone={tone}>{words(word)}</Badge>
      {children}
    </div>
  );
}

interface MessagesProps {
  readonly place: string;
  readonly messages: readonly CanonicalMessage[];
  readonly flags: readonly CheckFlag[];
  readonly isLearned?: boolean;
}

function Messages({ place, messages, flags, isLearned = true }: MessagesProps) {
  const words = useDatasetsWords();
  return (
    <div className={styles['messages']}>
      {messages.map(({ role, content, weight, tool_calls: calls }, index) => {
        const learned = isLearned && role === 'assistant' && weight !== 0;
        return (
          <div
            key={index}
            className={classes(
              bubbles['bubble'],
              bubbles[role === 'tool' ? 'system' : role],
              role === 'assistant' && !learned && bubbles['notLearned'],
            )}
          >
            <h4>{words(`role_${role}`)}</h4>
            <span className={learned ? bubbles['learnedText'] : undefined}>
              <MarkedText text={content} flags={flagsAt(flags, `${place}.${index}.content`)} />
            </span>
            {calls?.map((call, at) => (
              <code key={at} className={styles['call']}>
                {call.name}({call.arguments})
              </code>
            ))}
          </div>
        );
      })}
    </div>
  );
}

/** A text with remarks at their spans; `mark` tells them to a screen reader that reads such things. */
export function MarkedText({ text, flags }: { readonly text: string; readonly flags: readonly CheckFlag[] }) {
  return markedPieces(text, flags).map((piece, index) =>
    piece.flags.length === 0 ? (
      <span key={index}>{piece.text}</span>
    ) : (
      <mark key={index} className={styles['mark']} title={piece.flags.map(({ code }) => code).join(', ')}>
        {piece.text}
      </mark>
    ),
  );
}
