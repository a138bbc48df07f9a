import type { Histogram, RowLink } from '#contract/study.ts';
import { formatNumber } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { barsOf, type Bar } from '../study-parts.ts';
import styles from './study.module.css';

interface HistogramViewProps {
  readonly name: string;
  readonly histogram: Histogram;
  /** Decimal places of the axis. */
  readonly places?: number;
  readonly onShow: (rows: RowLink) => void;
}

/** Rows by a number: each bar is a button that lists its rows. Below it both ends of the axis. */
export function HistogramView({ name, histogram, places = 0, onShow }: HistogramViewProps) {
  const words = useDatasetsWords();
  const bars = barsOf(histogram);
  const number = (value: number): string => formatNumber(value, places);
  const spoken = ({ from, to, rows }: Bar): string => {
    const count = formatNumber(rows.count);
    return to === null
      ? words('barFrom', { from: number(from), rows: count })
      : words('barBetween', { from: number(from), to: number(to), rows: count });
  };
  const facts = words('histogramFacts', {
    median: number(histogram.median),
    most: number(histogram.percentile95),
    maximum: number(histogram.maximum),
  });
  return (
    <figure className={styles['chart']}>
      <figcaption>
        {name} <span className={styles['muted']}>{facts}</span>
      </figcaption>
      <div className={styles['bars']} role="group" aria-label={`${name}: ${facts}`}>
        {bars.map((bar) => (
          <button
            key={bar.from}
            type="button"
            className={styles['bar']}
            title={spoken(bar)}
            aria-label={spoken(bar)}
            disabled={bar.rows.ids.length === 0}
            onClick={() => onShow(bar.rows)}
          >
            <span style={{ height: `${bar.height * 100}%` }} data-some={bar.rows.count > 0 || undefined} />
          </button>
        ))}
      </div>
      <div className={styles['axis']} aria-hidden>
        <span>{number(bars[0]?.from ?? 0)}</span>
        <span>{number(bars.at(-1)?.to ?? histogram.maximum)}</span>
      </div>
    </figure>
  );
}
