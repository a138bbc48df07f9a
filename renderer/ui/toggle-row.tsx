import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './toggle-row.module.css';

export interface ToggleRowProps {
  /** The box or the switch itself. */
  readonly control: ReactNode;
  readonly children?: ReactNode;
  readonly hint?: ReactNode;
  /** The control says with `aria-describedby` that this describes it. */
  readonly hintId: string;
  readonly className?: string | undefined;
}

/** A box or a switch with its words beside it; a press on the words is one on the control. */
export function ToggleRow({ control, children, hint, hintId, className, ...rest }: ToggleRowProps) {
  return (
    <label className={classes(styles['row'], className)} {...rest}>
      {control}
      {children !== undefined && (
        <span className={styles['words']}>
          <span>{children}</span>
          {hint !== undefined && (
            <span id={hintId} className={styles['hint']}>
              {hint}
            </span>
          )}
        </span>
      )}
    </label>
  );
}
