import { useEffect, useState } from 'react';
import { modelName, suggestModelName } from '#contract/main-job.ts';
import type { ModelVersion } from '#contract/models.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useCreateWords } from '../create-words.ts';
import { usePlanWords } from '../plan-words.ts';
import styles from './plan-step.module.css';

export interface NameFieldProps {
  readonly name: string;
  readonly versions: readonly Pick<ModelVersion, 'name' | 'version'>[];
  /** Told for every name that is possible. */
  readonly onChange: (name: string) => void;
  readonly onGood: (isGood: boolean) => void;
}

/** The model's name. What is not possible as one is said at once, with the nearest that is. */
export function NameField({ name, versions, onChange, onGood }: NameFieldProps) {
  const words = usePlanWords();
  const common = useCreateWords();
  const [typed, setTyped] = useState(name);
  const isGood = modelName.safeParse(typed).success;
  useEffect(() => onGood(isGood), [isGood, onGood]);
  // The text of the plan can change the name as well.
  useEffect(() => setTyped(name), [name]);
  const type = (text: string): void => {
    setTyped(text);
    if (modelName.safeParse(text).success) onChange(text);
  };
  const suggestion = suggestModelName(typed);
  const newest = Math.max(0, ...versions.filter((one) => one.name === typed).map(({ version }) => version));
  const error = typed === '' ? words('nameEmpty') : words('nameBad', { suggestion });
  return (
    <Field
      className={styles['name']}
      label={words('name')}
      hint={newest > 0 ? common('newerVersion', { version: newest + 1, name: typed }) : words('nameHint')}
      error={isGood ? null : error}
      {...(!isGood && {
        aside: (
          <Button kind="quiet" onClick={() => type(suggestion)}>
            {words('useSuggestion', { name: suggestion })}
          </Button>
        ),
      })}
    >
      <TextInput value={typed} onChange={type} maxLength={200} />
    </Field>
  );
}
