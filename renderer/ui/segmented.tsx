import { useId, type ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './segmented.module.css';

export interface Segment<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  /** Needed when the label is a sign. */
  readonly name?: string | undefined;
}

export interface SegmentedProps<V extends string> {
  readonly value: V;
  readonly onChange: (value: V) => void;
  readonly options: readonly Segment<V>[];
  readonly label: string;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** Two to four ways to see the same thing. */
export function Segmented<V extends string>({
  value,
  onChange,
  options,
  label,
  disabled = false,
  className,
  ...rest
}: SegmentedProps<V>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={classes(styles['group'], className)} {...rest}>
      {options.map((option) => (
        <label key={option.value} className={styles['segment']}>
          <input
            type="radio"
            className={styles['radio']}
            name={name}
            checked={option.value === value}
            disabled={disabled}
            aria-label={option.name}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
