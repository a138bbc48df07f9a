import type { ViewStep } from '#contract/dataset-versions.ts';
import { Field } from '../../../ui/field.tsx';
import { NumberInput } from '../../../ui/number-input.tsx';
import { Select } from '../../../ui/select.tsx';
import type { BaseChoice } from '../choices-store.ts';
import { isComplete } from '../filter-steps.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { PlaceChoice } from './place-choice.tsx';

interface LengthFormProps {
  readonly step: Extract<ViewStep, { kind: 'length' }>;
  readonly bases: readonly BaseChoice[];
  readonly onChange: (step: ViewStep) => void;
}

/** Lengths in characters, or in tokens: counted by the tokenizer of a base, or estimated, and the form says which. */
export function LengthForm({ step, bases, onChange }: LengthFormProps) {
  const words = useDatasetsWords();
  return (
    <>
      <PlaceChoice value={step.place} onChange={(place) => onChange({ ...step, place })} />
      <Field label={words('unit')}>
        <Select
          value={step.unit}
          onChange={(unit) => onChange({ ...step, unit })}
          options={(['characters', 'tokens'] as const).map((unit) => ({ value: unit, label: words(`unit_${unit}`) }))}
        />
      </Field>
      {step.unit === 'tokens' && <CountedBy step={step} bases={bases} onChange={onChange} />}
      <Field label={words('atLeast')} error={isComplete(step) ? null : words('lengthNeeded')}>
        <NumberInput min={0} step={10} value={step.minimum} onChange={(minimum) => onChange({ ...step, minimum })} />
      </Field>
      <Field label={words('atMost')}>
        <NumberInput min={0} step={100} value={step.maximum} onChange={(maximum) => onChange({ ...step, maximum })} />
      </Field>
    </>
  );
}

/** No id of a base; an empty value would be shown as nothing chosen yet. */
const byEstimate = ':estimate';

function CountedBy({ step, bases, onChange }: LengthFormProps) {
  const words = useDatasetsWords();
  const base = step.base ?? byEstimate;
  // One that a pack or an earlier look named, and that is not here now, stays to be seen.
  const isGone = base !== byEstimate && !bases.some(({ id }) => id === base);
  return (
    <Field label={words('countedBy')}>
      <Select
        value={base}
        onChange={(next) => onChange({ ...step, base: next === byEstimate ? null : next })}
        options={[
          { value: byEstimate, label: words('countedByEstimate') },
          ...bases.map(({ id, name }) => ({ value: id, label: name })),
          ...(isGone ? [{ value: base, label: base }] : []),
        ]}
      />
    </Field>
  );
}
