import type { ReactNode } from 'react';
import styles from './badge.module.css';
import { classes } from './classes.ts';
import tones from './tone.module.css';

export type BadgeTone = 'neutral' | 'good' | 'warn' | 'bad' | 'info' | 'accent';

export interface BadgeProps {
  readonly tone?: BadgeTone;
  /** A word: colour alone says nothing to some. */
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

export function Badge({ tone = 'neutral', children, className, ...rest }: BadgeProps) {
  return (
    <span className={classes(styles['badge'], styles[tone], tones[tone], className)} {...rest}>
      {children}
    </span>
  );
}
