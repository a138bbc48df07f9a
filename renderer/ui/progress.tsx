import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './progress.module.css';

export interface ProgressBarProps {
  /** 0 to 1; null while nobody knows. */
  readonly fraction: number | null;
  /** What goes on, for a screen reader, and above the bar with `showLabel`. */
  readonly label: string;
  readonly showLabel?: boolean;
  /** At the right: "35 %, about 2 minutes left". */
  readonly text?: ReactNode;
  readonly tone?: 'accent' | 'good' | 'warn' | 'bad' | 'still';
  readonly className?: string | undefined;
}

export function ProgressBar({
  fraction,
  label,
  showLabel = false,
  text,
  tone = 'accent',
  className,
  ...rest
}: ProgressBarProps) {
  const share = fraction === null || !Number.isFinite(fraction) ? null : Math.min(1, Math.max(0, fraction));
  return (
    <div className={classes(styles['box'], className)} {...rest}>
      {(showLabel || text !== undefined) && (
        <div className={styles['words']}>
          {showLabel && <span className={styles['label']}>{label}</span>}
          {text !== undefined && <span className={styles['text']}>{text}</span>}
        </div>
      )}
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        className={styles['track']}
      >
        <div
          className={classes(styles['bar'], styles[tone], share === null && styles['unknown'])}
          style={share === null ? undefined : { width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
