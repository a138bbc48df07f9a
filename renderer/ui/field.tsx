import CircleAlert from 'lucide-react/icons/circle-alert';
import { useId, type ReactNode } from 'react';
import { classes } from './classes.ts';
import { FieldContext } from './field-context.ts';
import styles from './field.module.css';

export interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong and what would be right; null or empty when nothing is. */
  readonly error?: ReactNode;
  readonly required?: boolean;
  /** Beside the label, at its right: a small action or the value's origin. */
  readonly aside?: ReactNode;
  /** One control of the kit. */
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A label, its control, a hint, and the error at the place where it was made. */
export function Field({ label, hint, error, required = false, aside, children, className, ...rest }: FieldProps) {
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== '' && error !== false;
  const hintId = hint === undefined || hint === null ? null : `${id}-hint`;
  const errorId = hasError ? `${id}-error` : null;
  const describedBy = [errorId, hintId].filter((part) => part !== null).join(' ') || undefined;
  return (
    <div className={classes(styles['field'], className)} {...rest}>
      <div className={styles['top']}>
        <label htmlFor={id} className={styles['label']}>
          {label}
        </label>
        {aside}
      </div>
      <FieldContext value={{ id, describedBy, invalid: hasError, required }}>{children}</FieldContext>
      {errorId !== null && (
        <p id={errorId} className={styles['error']}>
          <CircleAlert aria-hidden />
          <span>{error}</span>
        </p>
      )}
      {hintId !== null && (
        <p id={hintId} className={styles['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}
