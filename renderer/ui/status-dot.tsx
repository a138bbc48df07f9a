import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './status-dot.module.css';

export interface StatusDotProps {
  /** `busy` moves; `off` is hollow. */
  readonly tone: 'good' | 'warn' | 'bad' | 'busy' | 'off';
  /** The state in words, shown beside the dot. */
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

export function StatusDot({ tone, children, className, ...rest }: StatusDotProps) {
  return (
    <span className={classes(styles['status'], className)} {...rest}>
      <span className={classes(styles['dot'], styles[tone])} aria-hidden />
      <span className={styles['words']}>{children}</span>
    </span>
  );
}
