import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import type { ComparedModel } from '#contract/comparisons.ts';
import type { ProviderView } from '#contract/providers.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useCompareWords } from '../compare-words.ts';
import classes from './compare-view.module.css';

interface OtherModelProps {
  readonly providers: readonly ProviderView[];
  readonly isFull: boolean;
  readonly onAdd: (model: ComparedModel) => void;
}

interface ChosenModel {
  readonly provider: string;
  readonly model: string;
}

/** A provider's model that no list has, by its id. */
export function OtherModel({ providers, isFull, onAdd }: OtherModelProps) {
  const words = useCompareWords();
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<ChosenModel>({ provider: providers[0]?.id ?? '', model: '' });
  const add = (): void => {
    const model = chosen.model.trim();
    if (model === '' || chosen.provider === '') return;
    onAdd({ kind: 'cloud', provider: chosen.provider, model });
    setOpen(false);
    setChosen({ ...chosen, model: '' });
  };
  return (
    <div>
      <Button
        kind="quiet"
        icon={<Plus />}
        disabledReason={isFull ? words('fourAlready') : null}
        onClick={() => setOpen(true)}
      >
        {words('otherModel')}
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={words('otherModelTitle')}
        footer={
          <>
            <Button kind="quiet" onClick={() => setOpen(false)}>
              {words('cancel')}
            </Button>
            <Button kind="primary" onClick={add} disabled={chosen.model.trim() === ''}>
              {words('addModel')}
            </Button>
          </>
        }
      >
        <ModelFields providers={providers} chosen={chosen} onChange={setChosen} onEnter={add} />
      </Dialog>
    </div>
  );
}

interface ModelFieldsProps {
  readonly providers: readonly ProviderView[];
  readonly chosen: ChosenModel;
  readonly onChange: (chosen: ChosenModel) => void;
  readonly onEnter: () => void;
}

function ModelFields({ providers, chosen, onChange, onEnter }: ModelFieldsProps) {
  const words = useCompareWords();
  return (
    <div className={classes['fields']}>
      <p>{words('otherModelText')}</p>
      <Field label={words('provider')}>
        <Select
          value={chosen.provider}
          onChange={(provider) => onChange({ ...chosen, provider })}
          options={providers.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Field>
      <Field label={words('modelId')}>
        <TextInput
          code
          value={chosen.model}
          onChange={(model) => onChange({ ...chosen, model })}
          maxLength={200}
          onKeyDown={(event) => event.key === 'Enter' && onEnter()}
        />
      </Field>
    </div>
  );
}
