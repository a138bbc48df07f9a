import { useId, useState, type FormEvent } from 'react';
import { providerFormats, type ProviderView } from '#contract/providers.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextArea, TextInput } from '../../../ui/text-input.tsx';
import { emptyForm, readForm, type ProviderDraft, type ProviderForm } from '../provider-draft.ts';
import type { ProvidersData } from '../providers-store.ts';
import { useProvidersWords } from '../providers-words.ts';
import { Failure } from './failure.tsx';
import classes from './settings.module.css';

export interface ProviderDialogProps {
  /** Null: a new one. */
  readonly provider: ProviderView | null;
  readonly data: Pick<ProvidersData, 'providers' | 'busy' | 'failures'>;
  readonly onSave: (draft: ProviderDraft) => Promise<boolean>;
  readonly onClose: () => void;
}

/** The fields of a server of one's own. */
export function ProviderDialog({ provider, data, onSave, onClose }: ProviderDialogProps) {
  const words = useProvidersWords();
  const formId = useId();
  const [form, setForm] = useState<ProviderForm>(provider === null ? emptyForm : formOf(provider));
  const [wasTried, setWasTried] = useState(false);
  const taken = provider === null ? (data.providers ?? []).map(({ id }) => id) : [];
  const read = readForm(form, taken);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setWasTried(true);
    if (read.kind !== 'ready') return;
    if (await onSave({ ...read.draft, id: provider?.id ?? read.draft.id })) onClose();
  };
  const error = (field: keyof ProviderForm): string | null => {
    const mistake = wasTried && read.kind === 'wrong' ? read.mistakes.get(field) : undefined;
    return mistake === undefined ? null : words(mistake);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={provider === null ? words('addTitle') : words('editTitle', { name: provider.name })}
      footer={
        <>
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button kind="primary" type="submit" form={formId} busy={data.busy.has('save')}>
            {words('save')}
          </Button>
        </>
      }
    >
      <form id={formId} className={classes['form']} onSubmit={(event) => void save(event)} noValidate>
        <ProviderFields form={form} onChange={(part) => setForm({ ...form, ...part })} error={error} />
        <Failure failures={data.failures} of="save" />
      </form>
    </Dialog>
  );
}

interface ProviderFieldsProps {
  readonly form: ProviderForm;
  readonly onChange: (part: Partial<ProviderForm>) => void;
  readonly error: (field: keyof ProviderForm) => string | null;
}

function ProviderFields({ form, onChange, error }: ProviderFieldsProps) {
  const words = useProvidersWords();
  return (
    <>
      <Field label={words('name')} error={error('name')}>
        <TextInput maxLength={60} value={form.name} onChange={(name) => onChange({ name })} />
      </Field>
      <Field label={words('address')} hint={words('addressHint')} error={error('address')}>
        <TextInput code maxLength={500} value={form.address} onChange={(address) => onChange({ address })} />
      </Field>
      <Field label={words('format')}>
        <Select
          value={form.format}
          onChange={(format) => onChange({ format })}
          options={providerFormats.map((format) => ({ value: format, label: words(`format_${format}`) }))}
        />
      </Field>
      <Field label={words('modelsLabel')} hint={words('modelsHint')} error={error('models')}>
        <TextArea code rows={3} value={form.models} onChange={(models) => onChange({ models })} />
      </Field>
      <Checkbox checked={form.needsKey} onChange={(needsKey) => onChange({ needsKey })}>
        {words('needsKey')}
      </Checkbox>
    </>
  );
}

function formOf({ name, format, address, models, needsKey }: ProviderView): ProviderForm {
  return { name, format, address, needsKey, models: models.join('\n') };
}
