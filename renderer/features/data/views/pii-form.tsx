import { piiKinds } from '#contract/dataset-checks.ts';
import type { ViewStep } from '#contract/dataset-versions.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './filters.module.css';

type PiiStep = Extract<ViewStep, { kind: 'pii' }>;

/** What is looked for, and what is done with it. */
export function PiiForm({ step, onChange }: { readonly step: PiiStep; readonly onChange: (step: PiiStep) => void }) {
  const words = useDatasetsWords();
  const others = step.kinds.filter((kind) => !piiKinds.some((known) => known === kind));
  const choose = (kind: string, isOn: boolean): void => {
    const chosen = piiKinds.filter((known) => (known === kind ? isOn : step.kinds.includes(known)));
    // The last one stays: a step that looks for nothing is none.
    if (chosen.length + others.length > 0) onChange({ ...step, kinds: [...chosen, ...others] });
  };
  return (
    <>
      <Field label={words('whatToDo')}>
        <Select
          value={step.action}
          onChange={(action) => onChange({ ...step, action })}
          options={(['mask', 'replace', 'drop', 'review'] as const).map((value) => ({
            value,
            label: words(`action_${value}`),
          }))}
        />
      </Field>
      <fieldset className={styles['kinds']}>
        <legend>{words('lookedFor')}</legend>
        {piiKinds.map((kind) => (
          <Checkbox key={kind} checked={step.kinds.includes(kind)} onChange={(isOn) => choose(kind, isOn)}>
            {words(`pii_${kind}`)}
          </Checkbox>
        ))}
      </fieldset>
    </>
  );
}
