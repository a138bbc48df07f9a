import { formatNumber } from '../words/format.ts';
import { classes } from './classes.ts';
import { hasInterval, niceTicks, shareOf, type Estimate } from './dot-plot-scale.ts';
import styles from './dot-plot.module.css';
import { useUiWords } from './ui-words.ts';

export interface DotPlotProps {
  /** The model before; always grey. Null where it was not measured. */
  readonly base: Estimate | null;
  /** The model after; always in the accent. */
  readonly tuned: Estimate | null;
  readonly minimum: number;
  readonly maximum: number;
  /** After each figure: "%", "points". Empty for none. */
  readonly unit: string;
  /** What was measured: the axis' name. */
  readonly label: string;
  readonly baseLabel?: string | undefined;
  readonly tunedLabel?: string | undefined;
  /** Decimal places of the figures. */
  readonly places?: number;
  /** `tiny` is one line without words, for a row of a table; its sentence is still read out. */
  readonly size?: 'normal' | 'tiny';
  readonly className?: string | undefined;
}

/** Before and after on one scale, each with what is not known about it. */
export function DotPlot(props: DotPlotProps) {
  const {
    base,
    tuned,
    minimum,
    maximum,
    unit,
    label,
    baseLabel,
    tunedLabel,
    places = 0,
    size = 'normal',
    className,
    ...rest
  } = props;
  const words = useUiWords();
  const said = useSaid(unit, places);
  const rows = [
    { id: 'base', name: baseLabel ?? words('before'), estimate: base },
    { id: 'tuned', name: tunedLabel ?? words('after'), estimate: tuned },
  ];
  const sentence = `${label}. ${rows.map((row) => `${row.name}: ${said(row.estimate)}`).join('; ')}`;
  const scale = { minimum, maximum };
  if (size === 'tiny') {
    return (
      <span role="img" aria-label={sentence} className={classes(styles['tiny'], className)} {...rest}>
        {rows.map(
          (row) => row.estimate !== null && <Mark key={row.id} kind={row.id} estimate={row.estimate} {...scale} />,
        )}
      </span>
    );
  }
  return (
    <figure role="img" aria-label={sentence} className={classes(styles['plot'], className)} {...rest}>
      {rows.map((row) => (
        <div key={row.id} className={styles['row']} data-kind={row.id}>
          <span className={styles['name']}>{row.name}</span>
          <span className={styles['track']}>
            {row.estimate !== null && <Mark kind={row.id} estimate={row.estimate} {...scale} />}
          </span>
          <Figures estimate={row.estimate} unit={unit} places={places} />
        </div>
      ))}
      <Axis {...scale} unit={unit} label={label} />
    </figure>
  );
}

interface MarkProps {
  readonly kind: string;
  readonly estimate: Estimate;
  readonly minimum: number;
  readonly maximum: number;
}

function Mark({ kind, estimate, minimum, maximum }: MarkProps) {
  const at = (value: number): string => `${shareOf(value, minimum, maximum) * 100}%`;
  const whisker = hasInterval(estimate)
    ? { insetInlineStart: at(estimate.low), width: `calc(${at(estimate.high)} - ${at(estimate.low)})` }
    : null;
  return (
    <span className={styles['mark']} data-kind={kind}>
      {whisker !== null && <span className={styles['whisker']} style={whisker} />}
      <span className={styles['dot']} style={{ insetInlineStart: at(estimate.value) }} />
    </span>
  );
}

function Figures({
  estimate,
  unit,
  places,
}: {
  readonly estimate: Estimate | null;
  readonly unit: string;
  readonly places: number;
}) {
  const words = useUiWords();
  if (estimate === null) return <span className={styles['range']}>{words('notMeasured')}</span>;
  const figure = (value: number): string => formatNumber(value, places);
  return (
    <span className={styles['figures']}>
      <span className={styles['value']}>{`${figure(estimate.value)}\u00A0${unit}`.trim()}</span>
      {hasInterval(estimate) && (
        <span className={styles['range']}>
          {words('range', { low: figure(estimate.low), high: figure(estimate.high) })}
        </span>
      )}
    </span>
  );
}

interface AxisProps {
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  readonly label: string;
}

function Axis({ minimum, maximum, unit, label }: AxisProps) {
  return (
    <div className={styles['axis']}>
      <span />
      <span className={styles['ticks']}>
        {niceTicks(minimum, maximum).map((tick) => (
          <span
            key={tick}
            className={styles['tick']}
            style={{ insetInlineStart: `${shareOf(tick, minimum, maximum) * 100}%` }}
          >
            {formatNumber(tick, 2)}
          </span>
        ))}
      </span>
      <figcaption className={styles['caption']}>{unit === '' ? label : `${label} (${unit})`}</figcaption>
    </div>
  );
}

function useSaid(unit: string, places: number): (estimate: Estimate | null) => string {
  const words = useUiWords();
  return (estimate) => {
    if (estimate === null) return words('notMeasured');
    const value = `${formatNumber(estimate.value, places)}\u00A0${unit}`.trim();
    if (!hasInterval(estimate)) return value;
    return words('valueWithRange', {
      value,
      low: formatNumber(estimate.low, places),
      high: formatNumber(estimate.high, places),
    });
  };
}
