import { useController } from 'react-hook-form';
import { quantisationTypes } from '#contract/quantisation-types.ts';
import { Field } from '../../../ui/field.tsx';
import { NumberInput } from '../../../ui/number-input.tsx';
import { Select } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { Term } from '../../../ui/term.tsx';
import { TextArea } from '../../../ui/text-input.tsx';
import type { JobFields, PlanFormValues } from '../plan-form-values.ts';
import { usePlanWords } from '../plan-words.ts';
import styles from './plan-step.module.css';

function useJobField<K extends keyof JobFields>(name: K) {
  return useController<PlanFormValues, `job.${K}`>({ name: `job.${name}` }).field;
}

const automatic = 'automatic';

/** The decisions around the training itself. */
export function JobSettings() {
  const words = usePlanWords();
  const heldOut = useJobField('heldOutRows');
  const seed = useJobField('seed');
  const quantisation = useJobField('quantisation');
  const systemPrompt = useJobField('systemPrompt');
  const exporting = useJobField('export');
  const ollama = useJobField('deployToOllama');
  const automaticOption = { value: automatic, label: words('automatic') };
  return (
    <div className={styles['group']} role="group" aria-label={words('group_job')}>
      <h3>{words('group_job')}</h3>
      <div className={styles['fields']}>
        <Field label={words('heldOutRows')} hint={<Term id="held-out" />}>
          <NumberInput
            value={heldOut.value ?? null}
            onChange={heldOut.onChange}
            min={1}
            max={100_000}
            step={1}
            placeholder={words('automatic')}
          />
        </Field>
        <Field label={words('seed')}>
          <NumberInput
            value={seed.value ?? null}
            onChange={seed.onChange}
            min={0}
            max={2_147_483_647}
            step={1}
            placeholder={words('automatic')}
          />
        </Field>
        <Field label={words('quantisation')} hint={<Term id="quantisation" />}>
          <Select
            value={quantisation.value ?? automatic}
            onChange={(value) => quantisation.onChange(value === automatic ? null : value)}
            options={[automaticOption, ...quantisationTypes.map((type) => ({ value: type, label: type }))]}
          />
        </Field>
        <Field label={words('deployToOllama')}>
          <Select
            value={ollama.value}
            onChange={ollama.onChange}
            options={(['auto', 'always', 'never'] as const).map((value) => ({
              value,
              label: words(`deploy_${value}`),
            }))}
          />
        </Field>
        <Field label={words('export')}>
          <Switch checked={exporting.value} onChange={exporting.onChange} />
        </Field>
        <Field label={words('systemPrompt')} className={styles['wideField']}>
          <TextArea value={systemPrompt.value ?? ''} onChange={systemPrompt.onChange} maxLength={20_000} />
        </Field>
      </div>
    </div>
  );
}
