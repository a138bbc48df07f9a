import { useState } from 'react';
import { Field } from '../../../ui/field.tsx';
import { TextArea, TextInput } from '../../../ui/text-input.tsx';
import styles from './filters.module.css';

interface ListFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly error: string | null;
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
  /** Between two values; a comma or a space without it. */
  readonly separator?: RegExp;
}

/** Several values in one field; taken when it is left. */
export function ListField({ label, hint, error, values, onChange, separator }: ListFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const joined = values.join(separator === undefined ? ', ' : '\n');
  const take = (): void => {
    if (typed !== null && typed !== joined) {
      const parts = typed.split(separator ?? /[,\s]+/).map((part) => part.trim().slice(0, 200));
      onChange([...new Set(parts.filter((part) => part !== ''))]);
    }
    setTyped(null);
  };
  const value = typed ?? joined;
  return (
    <Field label={label} hint={hint} error={error} className={styles['wide']}>
      {separator === undefined ? (
        <TextInput value={value} onChange={setTyped} onBlur={take} />
      ) : (
        <TextArea value={value} onChange={setTyped} onBlur={take} />
      )}
    </Field>
  );
}
