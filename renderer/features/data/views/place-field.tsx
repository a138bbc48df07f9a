import { useState, type DragEvent } from 'react';
import { Button } from '../../../ui/button.tsx';
import { classes } from '../../../ui/classes.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextArea } from '../../../ui/text-input.tsx';
import { useDatasetsWords } from '../datasets-words.ts';
import { asTemplate, isTemplate, type Place } from '../field-mapping.ts';
import { columnType } from './column-chips.tsx';
import styles from './mapping.module.css';

interface PlaceFieldProps {
  readonly place: Place;
  readonly value: string | undefined;
  readonly columns: readonly string[];
  readonly isNeeded: boolean;
  /** A column is being dragged somewhere: the place shows that it takes it. */
  readonly isDragging: boolean;
  readonly onChange: (value: string | null) => void;
  readonly onDropColumn: (column: string) => void;
}

const none = '\u0000none';
const several = '\u0000several';

/** One place of the row: a column from a list or dropped on it, or several in a template. */
export function PlaceField(props: PlaceFieldProps) {
  const { place, value, columns, isNeeded, isDragging, onChange } = props;
  const words = useDatasetsWords();
  const drop = useColumnDrop(props.onDropColumn);
  const template = value !== undefined && isTemplate(value, columns);
  const options = [
    { value: none, label: words(isNeeded ? 'chooseColumn' : 'noColumn') },
    ...columns.map((name) => ({ value: name, label: name })),
    { value: several, label: words('severalColumns') },
  ];
  const choose = (chosen: string): void => {
    if (chosen === several) onChange(asTemplate(value, columns) || `{${columns[0] ?? ''}}`);
    else onChange(chosen === none ? null : chosen);
  };
  return (
    <div
      className={classes(styles['place'], isDragging && styles['takes'], drop.isOver && styles['over'])}
      {...drop.handlers}
    >
      <Field
        label={words(`place_of_${place}`)}
        hint={template ? words('templateHint') : words(`placeAbout_${place}`)}
        error={isNeeded && value === undefined ? words('placeNeeded') : null}
      >
        {template ? (
          <TemplateInput value={value} onChange={onChange} />
        ) : (
          <Select value={value ?? none} onChange={choose} options={withOwn(options, value, columns)} />
        )}
      </Field>
      {template && (
        <Button kind="quiet" onClick={() => onChange(null)}>
          {words('oneColumn')}
        </Button>
      )}
    </div>
  );
}

/** A path inside a JSON record (`meta.title`) is no column and stays in the list all the same. */
function withOwn<O extends { value: string; label: string }>(
  options: readonly O[],
  value: string | undefined,
  columns: readonly string[],
) {
  return value === undefined || columns.includes(value) ? options : [...options, { value, label: value }];
}

/** Applied when it is left: half a template would make every row anew at every key. */
function TemplateInput({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string | null) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextArea
      code
      value={typed ?? value}
      onChange={setTyped}
      onBlur={() => {
        if (typed !== null && typed !== value) onChange(typed);
        setTyped(null);
      }}
    />
  );
}

function useColumnDrop(onColumn: (column: string) => void) {
  const [isOver, setIsOver] = useState(false);
  const carries = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes(columnType);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setIsOver(true);
    },
    onDragLeave: () => setIsOver(false),
    onDrop: (event: DragEvent) => {
      setIsOver(false);
      if (!carries(event)) return;
      event.preventDefault();
      onColumn(event.dataTransfer.getData(columnType));
    },
  };
  return { isOver, handlers };
}
