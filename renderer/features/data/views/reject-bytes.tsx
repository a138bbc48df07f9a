import type { RejectEntry } from '#contract/dataset-versions.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { bytesOf, hexLines, visibleText } from '../reject-text.ts';
import styles from './rejects.module.css';

/** The beginning of a record as it stands in its file: as text with its invisible signs drawn, else byte by byte. */
export function RejectBytes({ head, headEncoding }: Pick<RejectEntry, 'head' | 'headEncoding'>) {
  const words = useDatasetsWords();
  const text = headEncoding === 'utf-8' ? visibleText(head) : hexLines(bytesOf(head));
  return (
    <pre className={styles['bytes']} tabIndex={0} role="region" aria-label={words('bytesLabel')}>
      {text === '' ? words('bytesNone') : text}
    </pre>
  );
}
