import type { AnsweredRow } from '#contract/evaluation.ts';
import { classes } from '../../../ui/classes.ts';
import { formatNumber } from '../../../words/format.ts';
import { answerParts } from '../answer-difference.ts';
import { useTrainWords } from '../train-words.ts';
import styles from './result-step.module.css';

/** Held-out rows with the wished answer, the base's and the tuned one's, side by side. Answers are shown as text, whatever they hold. */
export function AnswerList({ rows }: { readonly rows: readonly AnsweredRow[] }) {
  return (
    <ol className={styles['answers']}>
      {rows.map((row) => (
        <Answer key={row.id} row={row} />
      ))}
    </ol>
  );
}

function Answer({ row }: { readonly row: AnsweredRow }) {
  const words = useTrainWords();
  const sign = row.change > 0 ? '+' : '';
  return (
    <li className={styles['answer']}>
      <p className={styles['question']}>
        <span className="visually-hidden">{words('question')}: </span>
        {row.prompt}
      </p>
      <div className={styles['columns']}>
        <Column kind="expected" name={words('expected')} text={row.expected} expected={row.expected} figure="" />
        <Column
          kind="base"
          name={words('baseAnswer')}
          text={row.base.answer}
          expected={row.expected}
          figure={words('pointsOf', { points: formatNumber(row.base.points) })}
        />
        <Column
          kind="tuned"
          name={words('tunedAnswer')}
          text={row.tuned.answer}
          expected={row.expected}
          figure={`${words('pointsOf', { points: formatNumber(row.tuned.points) })} (${sign}${formatNumber(row.change)})`}
        />
      </div>
    </li>
  );
}

interface ColumnProps {
  readonly kind: 'expected' | 'base' | 'tuned';
  readonly name: string;
  readonly text: string;
  readonly expected: string;
  readonly figure: string;
}

function Column({ kind, name, text, expected, figure }: ColumnProps) {
  const words = useTrainWords();
  return (
    <div className={classes(styles['column'], styles[kind])}>
      <div className={styles['head']}>
        <span>{name}</span>
        <span>{figure}</span>
      </div>
      <div className={styles['text']}>
        {text.trim() === '' && <span className={styles['small']}>{words('noAnswer')}</span>}
        {answerParts(text, expected).map((part, index) =>
          part.differs ? (
            <mark key={index} className={styles['differs']}>
              {part.text}
            </mark>
          ) : (
            <span key={index}>{part.text}</span>
          ),
        )}
      </div>
    </div>
  );
}
