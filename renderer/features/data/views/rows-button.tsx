import type { RowLink } from '#contract/study.ts';
import { formatNumber, formatShare } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './study.module.css';

interface RowsButtonProps {
  readonly what: string;
  readonly rows: RowLink;
  readonly all: number;
  readonly onShow: (rows: RowLink) => void;
}

/** A count that leads to its rows; plain where there are none to go to. */
export function RowsButton({ what, rows, all, onShow }: RowsButtonProps) {
  const words = useDatasetsWords();
  const text = formatNumber(rows.count);
  if (rows.ids.length === 0) return <span className={styles['figure']}>{text}</span>;
  return (
    <span className={styles['figure']}>
      <span className={styles['muted']}>{all > 0 && rows.count > 0 && shareText(rows.count / all)}</span>
      <button
        type="button"
        className={styles['link']}
        aria-label={`${words('seeRows', { what })}, ${text}`}
        onClick={() => onShow(rows)}
      >
        {text}
      </button>
    </span>
  );
}

/** A few rows of very many are not none. */
function shareText(share: number): string {
  return share < 0.0005 ? `< ${formatShare(0.001, 1)}` : formatShare(share, 1);
}
