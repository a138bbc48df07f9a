import Flag from 'lucide-react/icons/flag';
import type { RefObject } from 'react';
import { Tooltip } from '../ui/tooltip.tsx';
import type { ChartMark } from './chart-series.ts';
import { useChartWords } from './chart-words.ts';
import classes from './line-chart.module.css';

interface ChartMarksProps {
  readonly marks: readonly ChartMark[];
  readonly formatStep: (step: number) => string;
  /** The chart places the flags after each drawing. */
  readonly listRef: RefObject<HTMLUListElement | null>;
}

/** Flags at the steps where something happened: each can be hovered and reached by keyboard. */
export function ChartMarks({ marks, formatStep, listRef }: ChartMarksProps) {
  const words = useChartWords();
  return (
    <ul className={classes['marks']} ref={listRef} aria-label={words('marks')} hidden={marks.length === 0}>
      {marks.map(({ id, step, text, tone }) => (
        <li key={id} data-step={step} data-tone={tone} className={classes['mark']}>
          <Tooltip text={words('markAt', { step: formatStep(step), text })}>
            <button
              type="button"
              className={classes['flag']}
              aria-label={words('markAt', { step: formatStep(step), text })}
            >
              <Flag aria-hidden="true" />
            </button>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}
