import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { namePattern } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './filters.module.css';

interface FreezeFormProps {
  readonly isReady: boolean;
  /** The steps keep nothing. */
  readonly isEmpty: boolean;
  readonly onFreeze: (as: string | null) => void;
}

/** The steps become a version that never changes; under the same name, or under another one. */
export function FreezeForm({ isReady, isEmpty, onFreeze }: FreezeFormProps) {
  const words = useDatasetsWords();
  const [name, setName] = useState('');
  const isNamed = name === '' || namePattern.test(name);
  const reason = !isNamed
    ? words('nameRule')
    : isEmpty
      ? words('freezeEmpty')
      : isReady
        ? null
        : words('freezeNotReady');
  return (
    <form
      className={styles['freeze']}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === null) onFreeze(name === '' ? null : name);
      }}
    >
      <Field label={words('freezeAs')} hint={words('freezeHint')} error={isNamed ? null : words('nameRule')}>
        <TextInput value={name} onChange={setName} />
      </Field>
      <Button type="submit" kind="primary" disabledReason={reason}>
        {words('freeze')}
      </Button>
    </form>
  );
}
