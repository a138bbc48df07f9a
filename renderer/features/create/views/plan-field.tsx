import RotateCcw from 'lucide-react/icons/rotate-ccw';
import { useState, type ReactNode } from 'react';
import { useController } from 'react-hook-form';
import type { RecipeSettings } from '#contract/recipes.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { NumberInput } from '../../../ui/number-input.tsx';
import { Select } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import type { PlanField } from '../plan-fields.ts';
import type { PlanFormValues } from '../plan-form-values.ts';
import { parseModules } from '../plan-values.ts';
import { usePlanWords } from '../plan-words.ts';
import styles from './plan-step.module.css';

export interface SettingFieldProps {
  readonly field: PlanField;
  /** The value the plan has now. */
  readonly planned: unknown;
  readonly reason: string | null;
  readonly problem: string | null;
  readonly isByHand: boolean;
  readonly onReset: () => void;
}

/** One setting: its control, why it is so, and the way back to Forge's choice. */
export function SettingField({ field, planned, reason, problem, isByHand, onReset }: SettingFieldProps) {
  const words = usePlanWords();
  const { field: control, fieldState } = useController<PlanFormValues, `settings.${keyof RecipeSettings}`>({
    name: `settings.${field.setting}`,
  });
  const change = (value: unknown): void => {
    if (value === undefined) onReset();
    else control.onChange(value);
  };
  const setting = words(field.setting);
  const reset = (
    <IconButton
      className={styles['reset']}
      label={words('backToPlan', { setting })}
      icon={<RotateCcw />}
      onClick={onReset}
    />
  );
  return (
    <Field
      label={setting}
      hint={isByHand ? words('byHand') : reason}
      error={problem ?? (fieldState.error === undefined ? null : rangeText(field, words))}
      {...(isByHand && { aside: reset })}
    >
      <Control field={field} value={control.value ?? planned} onChange={change} />
    </Field>
  );
}

interface ControlProps {
  readonly field: PlanField;
  readonly value: unknown;
  /** `undefined`: emptied. */
  readonly onChange: (value: unknown) => void;
}

function Control({ field, value, onChange }: ControlProps): ReactNode {
  const words = usePlanWords();
  switch (field.kind) {
    case 'number':
      return (
        <NumberInput
          value={typeof value === 'number' ? value : null}
          onChange={(next) => onChange(next ?? (field.nullable === true ? null : undefined))}
          min={field.min}
          max={field.max}
          step={field.step}
          unit={field.unit === undefined ? undefined : words(`unit_${field.unit}`)}
          placeholder={field.nullable === true ? words('noLimit') : words('automatic')}
        />
      );
    case 'choice':
      return (
        <Select
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
          options={field.options.map((option) => ({ value: option, label: option }))}
        />
      );
    case 'switch':
      return <Switch checked={value === true} onChange={onChange} />;
    case 'modules':
      return <Modules value={value} onChange={onChange} />;
    case 'early-stopping':
      return <EarlyStopping value={value} onChange={onChange} />;
  }
}

function Modules({ value, onChange }: Omit<ControlProps, 'field'>) {
  const words = usePlanWords();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (Array.isArray(value) ? value.join(', ') : String(value ?? ''));
  return (
    <TextInput
      code
      value={shown}
      onChange={setTyped}
      placeholder={words('modulesHint')}
      onBlur={() => {
        if (typed !== null) onChange(parseModules(typed) ?? undefined);
        setTyped(null);
      }}
    />
  );
}

function EarlyStopping({ value, onChange }: Omit<ControlProps, 'field'>) {
  const words = usePlanWords();
  const { patience, minimumGain } = (value ?? { patience: 3, minimumGain: 0 }) as {
    patience: number;
    minimumGain: number;
  };
  return (
    <>
      <NumberInput
        label={words('patience')}
        value={patience}
        min={1}
        step={1}
        unit={words('patience')}
        onChange={(next) => onChange(next === null ? undefined : { patience: next, minimumGain })}
      />
      <NumberInput
        label={words('minimumGain')}
        value={minimumGain}
        min={0}
        step={0.001}
        unit={words('minimumGain')}
        onChange={(next) => onChange(next === null ? undefined : { patience, minimumGain: next })}
      />
    </>
  );
}

function rangeText(field: PlanField, words: ReturnType<typeof usePlanWords>): string {
  if (field.kind !== 'number') return words('problem_unusable', { detail: field.setting });
  if (field.max === undefined) return words('atLeast', { min: field.min });
  return words('outOfRange', { min: field.min, max: field.max });
}
