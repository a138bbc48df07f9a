import { useMemo } from 'react';
import { useChartWords } from './chart-words.ts';
import type { ChartSeries } from './chart-series.ts';
import { nearestIndex } from './live-series.ts';
import classes from './line-chart.module.css';
import { useSeriesRevision } from './use-series-revision.ts';

const readEveryMs = 500;

interface ChartReadoutProps {
  readonly series: readonly ChartSeries[];
  /** The step that is read; null reads the newest. */
  readonly step: number | null;
  readonly unit: string;
  readonly formatStep: (step: number) => string;
  readonly formatValue: (value: number) => string;
  /** What else happened near this step: a sample's first words. */
  readonly note: string | null;
}

/** All series at one step, in one line of fixed height. */
export function ChartReadout({ series, step, unit, formatStep, formatValue, note }: ChartReadoutProps) {
  const words = useChartWords();
  useSeriesRevision(
    useMemo(() => series.map(({ data }) => data), [series]),
    readEveryMs,
  );
  const read = series.flatMap(({ id, label, colour, data }) => {
    const index = step === null ? data.length - 1 : nearestIndex(data, step);
    if (index < 0) return [];
    const value = data.value(index);
    const text = Number.isNaN(value)
      ? words('notANumber')
      : `${formatValue(value)}${unit === '' ? '' : `\u00A0${unit}`}`;
    return [{ id, label, colour, text, step: data.step(index) }];
  });
  const shown = step === null ? Math.max(0, ...read.map((entry) => entry.step)) : nearestTo(step, read);
  return (
    <p className={classes['readout']} data-reads={step === null ? 'newest' : 'pointer'}>
      {read.length > 0 && (
        <span className={classes['readoutStep']}>{words('atStep', { step: formatStep(shown) })}</span>
      )}
      {read.map(({ id, label, colour, text }) => (
        <span key={id}>
          <span className={classes['swatch']} data-colour={colour} aria-hidden="true" /> {label} <strong>{text}</strong>
        </span>
      ))}
      {note !== null && <span className={classes['readoutNote']}>{note}</span>}
    </p>
  );
}

function nearestTo(step: number, read: readonly { readonly step: number }[]): number {
  return read.reduce(
    (nearest, entry) => (Math.abs(entry.step - step) < Math.abs(nearest - step) ? entry.step : nearest),
    read[0]?.step ?? 0,
  );
}
