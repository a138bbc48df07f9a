import { useId, type ReactNode } from 'react';
import { classes } from './classes.ts';
import { useControlAttributes } from './field-context.ts';
import styles from './switch.module.css';
import { ToggleRow } from './toggle-row.tsx';

export interface SwitchProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** What is on or off; inside a `Field` the field's label says it. */
  readonly children?: ReactNode;
  readonly hint?: ReactNode;
  readonly label?: string | undefined;
  readonly size?: 'normal' | 'large';
  readonly disabled?: boolean;
  /** The change goes on: the switch shows where it is going and does not hear further presses. */
  readonly busy?: boolean;
  readonly className?: string | undefined;
}

/** For what takes effect at once. What is sent with a form is a `Checkbox`. */
export function Switch(props: SwitchProps) {
  const {
    checked,
    onChange,
    children,
    hint,
    label,
    size = 'normal',
    disabled = false,
    busy = false,
    className,
    ...rest
  } = props;
  const hintId = useId();
  const attributes = useControlAttributes(children === undefined ? label : undefined);
  const control = (
    <input
      {...attributes}
      {...(hint !== undefined && { 'aria-describedby': hintId })}
      type="checkbox"
      role="switch"
      className={styles['switch']}
      checked={checked}
      aria-busy={busy || undefined}
      disabled={disabled}
      onChange={(event) => !busy && onChange(event.target.checked)}
    />
  );
  return (
    <ToggleRow control={control} hint={hint} hintId={hintId} className={classes(styles[size], className)} {...rest}>
      {children}
    </ToggleRow>
  );
}
