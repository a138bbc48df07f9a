import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronUp from 'lucide-react/icons/chevron-up';
import { useState, type KeyboardEvent } from 'react';
import { classes } from './classes.ts';
import styles from './control.module.css';
import { useControlAttributes } from './field-context.ts';
import { numberText, parseNumber, stepped, withinLimits } from './number-text.ts';

export interface NumberInputProps {
  readonly value: number | null;
  /** Null when it was emptied. Called with what can be read, within the limits, while typing and on leaving. */
  readonly onChange: (value: number | null) => void;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly step?: number | undefined;
  readonly unit?: string | undefined;
  readonly label?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** A number with arrows (Shift: ten steps at once). Comma and point, `2e-4` and "20 000" are all understood. */
export function NumberInput(props: NumberInputProps) {
  const { value, onChange, min, max, step, unit, label, placeholder, disabled = false, className, ...rest } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const limits = { min, max, step };
  const move = (steps: number): void => {
    setTyped(null);
    onChange(stepped(value, steps, limits));
  };
  const type = (text: string): void => {
    setTyped(text);
    const read = parseNumber(text);
    if (text.trim() === '') onChange(null);
    else if (read !== null && read === withinLimits(read, limits)) onChange(read);
  };
  const leave = (): void => {
    const read = parseNumber(typed ?? '');
    if (read !== null && read !== value) onChange(withinLimits(read, limits));
    setTyped(null);
  };
  const press = (event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    move(direction * (event.shiftKey ? 10 : 1));
  };
  return (
    <div
      className={classes(styles['control'], styles['withUnit'], className)}
      data-disabled={disabled || undefined}
      {...rest}
    >
      <input
        {...useControlAttributes(label)}
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        aria-valuenow={ariaNumber(value)}
        aria-valuemin={ariaNumber(min)}
        aria-valuemax={ariaNumber(max)}
        aria-valuetext={unit === undefined || value === null ? undefined : `${numberText(value)} ${unit}`}
        disabled={disabled}
        placeholder={placeholder}
        value={typed ?? numberText(value)}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
        onKeyDown={press}
      />
      {unit !== undefined && <span className={styles['unit']}>{unit}</span>}
      {!disabled && <Steps onMove={move} />}
    </div>
  );
}

const smallestWithoutExponent = 1e-6;

/** ARIA has no exponents, and smaller numbers are written with one: they are left out, the text says them. */
function ariaNumber(value: number | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  return value === 0 || Math.abs(value) >= smallestWithoutExponent ? value : undefined;
}

/** For the pointer only: the keyboard has the arrow keys. */
function Steps({ onMove }: { readonly onMove: (steps: number) => void }) {
  return (
    <span className={styles['steps']} aria-hidden>
      <button type="button" tabIndex={-1} className={styles['step']} onClick={() => onMove(1)}>
        <ChevronUp />
      </button>
      <button type="button" tabIndex={-1} className={styles['step']} onClick={() => onMove(-1)}>
        <ChevronDown />
      </button>
    </span>
  );
}
