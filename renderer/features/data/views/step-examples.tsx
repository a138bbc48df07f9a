import type { StepOutcome } from '#contract/dataset-versions.ts';
import { Said } from '../../../words/said.tsx';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './filters.module.css';
import { MarkedText } from './row-texts.tsx';

/** Rows that a step dropped or changed: why, and for changed ones before and after. */
export function StepExamples({ outcome: { examples } }: { readonly outcome: StepOutcome }) {
  const words = useDatasetsWords();
  return (
    <ul className={styles['examples']} tabIndex={0} aria-label={words('examples')}>
      {examples.map(({ id, before, after, why, flags }) => (
        <li key={id}>
          <p className={styles['muted']}>
            <Said text={why} />
          </p>
          <div className={after === null ? undefined : styles['twoSides']}>
            <p className={styles['text']}>
              <MarkedText text={before} flags={flags} />
            </p>
            {after !== null && <p className={styles['text']}>{after}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
