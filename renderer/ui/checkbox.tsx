import { useId, type ReactNode } from 'react';
import styles from './checkbox.module.css';
import { ToggleRow } from './toggle-row.tsx';

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
  const box = (
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
  );
  return (
    <ToggleRow control={box} hint={hint} hintId={hintId} className={className} {...rest}>
      {children}
    </ToggleRow>
  );
}
