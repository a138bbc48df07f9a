import { useMemo } from 'react';
import type { CanonicalRow } from '#contract/rows.ts';
import type { ScriptExample } from '#contract/scripts.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { classes } from '../../../../ui/classes.ts';
import { formatNumber } from '../../../../words/format.ts';
import type { DiffPart } from '../../../compare/answer-diff.ts';
import { DiffParts } from '../../../compare/views/diff-parts.tsx';
import { useDatasetsWords } from '../../datasets-words.ts';
import { shortRemarkOf } from '../../remarks.ts';
import { kindOf, rowDifference, type TextDifference } from '../row-difference.ts';
import styles from './script.module.css';

/** A row before and after, word by word. What is the same is grey, so that the change is seen first. */
export function ScriptExampleView({ example }: { readonly example: ScriptExample }) {
  const words = useDatasetsWords();
  const { place, before, after } = example;
  const kind = kindOf(example);
  return (
    <article className={styles['example']}>
      <header className={styles['exampleHead']}>
        <h3>{words('exampleRow', { row: formatNumber(place + 1) })}</h3>
        {kind === 'dropped' && <Badge tone="warn">{words('exampleDropped')}</Badge>}
        {kind === 'several' && <Badge tone="info">{words('exampleSeveral', { count: after.length })}</Badge>}
        {kind === 'same' && <Badge>{words('exampleSame')}</Badge>}
        {before.flags.map(({ check, code }, index) => (
          <Badge key={`${check} ${index}`}>{shortRemarkOf(code, words)}</Badge>
        ))}
      </header>
      {after.length === 0 ? (
        <Difference before={before} after={null} />
      ) : (
        after.map((row, index) => <Difference key={index} before={before} after={row} />)
      )}
    </article>
  );
}

function Difference({ before, after }: { readonly before: CanonicalRow; readonly after: CanonicalRow | null }) {
  const words = useDatasetsWords();
  const { texts, fields } = useMemo(() => rowDifference(before, after), [before, after]);
  const shown = (value: string): string => (value === '' ? words('noValue') : value);
  return (
    <div className={styles['difference']}>
      {texts.map((text, index) => (
        <Text key={index} difference={text} />
      ))}
      {fields.length > 0 && (
        <p className={styles['small']}>
          {words('exampleFields')}:{' '}
          <code dir="auto">
            {fields
              .map((one) =>
                words('fieldFromTo', { field: one.field, before: shown(one.before), after: shown(one.after) }),
              )
              .join('; ')}
          </code>
        </p>
      )}
    </div>
  );
}

function Text({ difference: { word, parts, isSame } }: { readonly difference: TextDifference }) {
  const words = useDatasetsWords();
  return (
    <div className={styles['text']}>
      <span className={styles['role']}>{words(word)}</span>
      <p dir="auto" className={classes(styles['words'], isSame && styles['muted'])}>
        <DiffParts parts={parts.map(drawn)} />
      </p>
    </div>
  );
}

/** A change that is blanks alone is drawn: nobody sees it otherwise. */
function drawn({ kind, text }: DiffPart): DiffPart {
  if (kind === 'same' || /\S/.test(text)) return { kind, text };
  return { kind, text: text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\n', '⏎\n') };
}
