import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { useDatasetsWords } from '../datasets-words.ts';

const places = ['prompt', 'answer', 'whole'] as const;

interface PlaceChoiceProps {
  readonly value: (typeof places)[number];
  readonly onChange: (value: (typeof places)[number]) => void;
}

/** The part of a row that a step looks at. */
export function PlaceChoice({ value, onChange }: PlaceChoiceProps) {
  const words = useDatasetsWords();
  return (
    <Field label={words('where')}>
      <Select
        value={value}
        onChange={onChange}
        options={places.map((one) => ({ value: one, label: words(`at_${one}`) }))}
      />
    </Field>
  );
}
