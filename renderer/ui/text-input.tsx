import { useLayoutEffect, useRef, type ComponentPropsWithRef, type CSSProperties } from 'react';
import { classes } from './classes.ts';
import styles from './control.module.css';
import { useControlAttributes } from './field-context.ts';

export { NumberInput, type NumberInputProps } from './number-input.tsx';

type NativeInput = Omit<ComponentPropsWithRef<'input'>, 'value' | 'onChange' | 'size'>;

export interface TextInputProps extends NativeInput {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** For a screen reader where no `Field` is around it. */
  readonly label?: string | undefined;
  /** Paths, addresses, keys: equal widths. */
  readonly code?: boolean;
}

export function TextInput({ value, onChange, label, code = false, className, type = 'text', ...rest }: TextInputProps) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      {...useControlAttributes(label)}
      {...rest}
      type={type}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={classes(styles['control'], code && styles['code'], className)}
    />
  );
}

type NativeArea = Omit<ComponentPropsWithRef<'textarea'>, 'value' | 'onChange' | 'ref'>;

export interface TextAreaProps extends NativeArea {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label?: string | undefined;
  readonly code?: boolean;
  /** Lines shown when empty; it grows with what is written, up to two fifths of the window. */
  readonly rows?: number;
}

/** Beyond this measuring the height at each key would be felt; the box then stays as it is and scrolls. */
const longestMeasured = 20_000;

export function TextArea({ value, onChange, label, code = false, className, rows = 2, ...rest }: TextAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null || CSS.supports('field-sizing', 'content') || value.length > longestMeasured) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [value]);
  return (
    <textarea
      {...useControlAttributes(label)}
      {...rest}
      ref={area}
      rows={rows}
      style={{ '--rows': rows } as CSSProperties}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={classes(styles['control'], styles['area'], code && styles['code'], className)}
    />
  );
}
