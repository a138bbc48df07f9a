import type { CSSProperties } from 'react';
import { classes } from './classes.ts';
import { useControlAttributes } from './field-context.ts';
import styles from './slider.module.css';

export interface SliderProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly label?: string | undefined;
  /** The value as it is said and shown at the right. */
  readonly format?: ((value: number) => string) | undefined;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** A value whose size matters more than its digits. */
export function Slider({
  value,
  onChange,
  min,
  max,
  step = 1,
  label,
  format,
  disabled = false,
  className,
  ...rest
}: SliderProps) {
  const share = max > min ? (value - min) / (max - min) : 0;
  return (
    <div className={classes(styles['row'], className)} {...rest}>
      <input
        {...useControlAttributes(label)}
        type="range"
        className={styles['slider']}
        style={{ '--share': `${share * 100}%` } as CSSProperties}
        value={value}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        aria-valuetext={format?.(value)}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      {format !== undefined && <output className={styles['value']}>{format(value)}</output>}
    </div>
  );
}
