import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  readonly title: ReactNode;
  /** What will stand here and how it comes to be. */
  readonly text: ReactNode;
  readonly actions?: ReactNode;
  /** A small drawing of what will be here; decoration. */
  readonly picture?: ReactNode;
  readonly className?: string | undefined;
}

/** Where there is nothing yet: says what will be, and the first step to it. */
export function EmptyState({ title, text, actions, picture, className, ...rest }: EmptyStateProps) {
  return (
    <div className={classes(styles['empty'], className)} {...rest}>
      {picture !== undefined && (
        <div className={styles['picture']} aria-hidden>
          {picture}
        </div>
      )}
      <h2>{title}</h2>
      <p className={styles['text']}>{text}</p>
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </div>
  );
}
