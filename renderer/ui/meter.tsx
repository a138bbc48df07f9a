import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './meter.module.css';

export interface MeterProps {
  readonly value: number;
  /** Same unit as `value`; 1 without it. */
  readonly maximum?: number;
  readonly label: string;
  /** The value as it is said and shown: "5.2 of 24 GB". */
  readonly text: string;
  readonly showLabel?: boolean;
  /** Share from which on it is drawn as a warning. */
  readonly warnFrom?: number | undefined;
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
}

/** How much of something is in use: a thin bar and its figure. */
export function Meter({
  value,
  maximum = 1,
  label,
  text,
  showLabel = true,
  warnFrom,
  aside,
  className,
  ...rest
}: MeterProps) {
  const share = maximum > 0 ? Math.min(1, Math.max(0, value / maximum)) : 0;
  const isHigh = warnFrom !== undefined && share >= warnFrom;
  return (
    <div className={classes(styles['meter'], className)} {...rest}>
      <div className={styles['words']}>
        {showLabel && <span className={styles['label']}>{label}</span>}
        <span className={styles['text']}>{text}</span>
        {aside}
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={maximum}
        aria-valuenow={value}
        aria-valuetext={text}
        className={styles['track']}
      >
        <div className={classes(styles['bar'], isHigh && styles['high'])} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
