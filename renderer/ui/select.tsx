import { Select as BaseSelect } from '@base-ui/react/select';
import Check from 'lucide-react/icons/check';
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down';
import { classes } from './classes.ts';
import control from './control.module.css';
import { useControlAttributes } from './field-context.ts';
import popup from './popup.module.css';
import { useUiWords } from './ui-words.ts';

export interface SelectOption<V extends string = string> {
  readonly value: V;
  readonly label: string;
  /** A second line under the label in the list. */
  readonly hint?: string | undefined;
  readonly disabled?: boolean;
}

export interface SelectProps<V extends string> {
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  readonly options: readonly SelectOption<V>[];
  /** For a screen reader where no `Field` is around it. */
  readonly label?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** One of a few known values. From about a dozen on, `Combobox`. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { value, onChange, options, label, placeholder, disabled = false, className, ...rest } = props;
  const words = useUiWords();
  return (
    <BaseSelect.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      onValueChange={(chosen) => chosen !== null && onChange(chosen)}
      disabled={disabled}
      modal={false}
    >
      <BaseSelect.Trigger
        className={classes(control['control'], popup['trigger'], className)}
        {...useControlAttributes(label)}
        {...rest}
      >
        <BaseSelect.Value className={popup['value']} placeholder={placeholder ?? words('choose')} />
        <ChevronsUpDown aria-hidden />
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner className={popup['positioner']} sideOffset={4} alignItemWithTrigger={false}>
          <BaseSelect.Popup className={popup['popup']}>
            <BaseSelect.List>
              {options.map((option) => (
                <Item key={option.value} option={option} />
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}

function Item({ option }: { readonly option: SelectOption }) {
  return (
    <BaseSelect.Item
      value={option.value}
      label={option.label}
      disabled={option.disabled ?? false}
      className={popup['item']}
    >
      <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
      <BaseSelect.ItemIndicator className={popup['check']}>
        <Check aria-hidden />
      </BaseSelect.ItemIndicator>
      {option.hint !== undefined && <span className={popup['hint']}>{option.hint}</span>}
    </BaseSelect.Item>
  );
}
