import { useId, type ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './checkbox.module.css';

export interface CheckboxProps {
  /** `mixed`: some of what it stands for. */
  readonly checked: boolean | 'mixed';
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

export function Checkbox({ checked, onChange, children, hint, disabled = false, className, ...rest }: CheckboxProps) {
  const hintId = useId();
  return (
    <label className={classes(styles['row'], className)} {...rest}>
      <input
        type="checkbox"
        className={styles['box']}
        checked={checked === true}
        ref={(element) => {
          if (element !== null) element.indeterminate = checked === 'mixed';
        }}
        onChange={(event) => onChange(event.target.checked)}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : hintId}
      />
      <span className={styles['words']}>
        <span>{children}</span>
        {hint !== undefined && (
          <span id={hintId} className={styles['hint']}>
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
