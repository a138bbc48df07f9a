import type { ScriptDiffLine, ScriptReview } from '#contract/scripts.ts';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { formatNumber } from '../../../../words/format.ts';
import type { Loaded } from '../../../create/loaded.ts';
import { useDatasetsWords } from '../../datasets-words.ts';
import { hunksOf } from '../review-hunks.ts';
import styles from './script.module.css';

/** What a person looks at before a script runs: what it has that the one kept last under its name had not. */
export function ScriptReviewed({ review }: { readonly review: Loaded<ScriptReview> }) {
  const words = useDatasetsWords();
  const { value } = review;
  return (
    <section className={styles['part']} aria-busy={review.isLoading}>
      <h2>{words('reviewTitle')}</h2>
      {value === null ? (
        <Skeleton />
      ) : value.previous === null ? (
        <p className={styles['muted']}>{words('reviewNew')}</p>
      ) : value.lines.every(({ kind }) => kind === 'same') ? (
        <p className={styles['muted']}>{words('reviewSame')}</p>
      ) : (
        <>
          <p className={styles['muted']}>{words('reviewOf')}</p>
          <Lines lines={value.lines} />
        </>
      )}
    </section>
  );
}

const signs = { same: ' ', removed: '−', added: '+' } as const;

function Lines({ lines }: { readonly lines: readonly ScriptDiffLine[] }) {
  const words = useDatasetsWords();
  return (
    <pre className={styles['lines']} tabIndex={0} role="region" aria-label={words('reviewTitle')}>
      {hunksOf(lines).map((hunk, index) =>
        typeof hunk === 'number' ? (
          <span key={index} className={styles['hidden']}>
            {words('linesHidden', { count: hunk, rows: formatNumber(hunk) })}
          </span>
        ) : (
          <span key={index} className={styles[hunk.kind]}>
            <span className={styles['number']}>{hunk.before}</span>
            <span className={styles['number']}>{hunk.after}</span>
            <span
              className={styles['sign']}
              {...(hunk.kind !== 'same' && {
                role: 'img',
                'aria-label': words(hunk.kind === 'added' ? 'lineAdded' : 'lineRemoved'),
              })}
            >
              {signs[hunk.kind]}
            </span>
            <code dir="auto">{hunk.text}</code>
          </span>
        ),
      )}
    </pre>
  );
}
