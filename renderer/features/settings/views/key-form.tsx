import { useState, type FormEvent } from 'react';
import { longestSecret } from '#contract/secrets.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useProvidersWords } from '../providers-words.ts';
import classes from './settings.module.css';

export interface KeyFormProps {
  readonly name: string;
  readonly source: string | null;
  readonly isBusy: boolean;
  readonly onStore: (value: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** Write-only: what was typed leaves the field with the press, whatever comes of it. */
export function KeyForm({ name, source, isBusy, onStore, onCancel }: KeyFormProps) {
  const words = useProvidersWords();
  const [value, setValue] = useState('');
  const [isEmpty, setIsEmpty] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const entered = value.trim();
    setValue('');
    setIsEmpty(entered === '');
    if (entered !== '') void onStore(entered);
  };
  const hint = source === null ? words('keyHint') : `${words('keyHint')} ${words('keyFrom', { source })}`;
  return (
    <form className={classes['keyForm']} onSubmit={submit} noValidate>
      <Field label={words('keyLabel', { name })} hint={hint} error={isEmpty ? words('keyEmpty') : null}>
        <TextInput
          code
          autoFocus
          type="password"
          autoComplete="off"
          maxLength={longestSecret}
          value={value}
          onChange={setValue}
        />
      </Field>
      <div className={classes['buttons']}>
        <Button type="submit" kind="primary" busy={isBusy}>
          {words('saveKey')}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {words('cancel')}
        </Button>
      </div>
    </form>
  );
}
