import { Combobox as BaseCombobox } from '@base-ui/react/combobox';
import Check from 'lucide-react/icons/check';
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down';
import { classes } from './classes.ts';
import styles from './combobox.module.css';
import control from './control.module.css';
import { useControlAttributes } from './field-context.ts';
import popup from './popup.module.css';
import type { SelectOption } from './select.tsx';
import { Spinner } from './spinner.tsx';
import { useUiWords } from './ui-words.ts';
import { useFoundOptions, type FindOptions } from './use-found-options.ts';

export interface ComboboxProps<V extends string> {
  readonly value: V | null;
  readonly onChange: (value: V | null) => void;
  /** All there is, filtered while typing; or use `find`. */
  readonly options?: readonly SelectOption<V>[];
  /** Asks for what fits the typed text, 200 ms after the last key; keep it stable between renders. */
  readonly find?: FindOptions<V> | undefined;
  readonly label?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

const mostShown = 100;

/** One of many values, found by typing. */
export function Combobox<V extends string>(props: ComboboxProps<V>) {
  const { value, onChange, options, find, label, placeholder, disabled = false, className } = props;
  const words = useUiWords();
  const found = useFoundOptions(find);
  const items = find === undefined ? (options ?? []) : found.options;
  const chosen = items.find((option) => option.value === value) ?? found.known(value);
  return (
    <BaseCombobox.Root
      items={items}
      value={chosen}
      onValueChange={(option: SelectOption<V> | null) => onChange(option?.value ?? null)}
      onInputValueChange={found.search}
      itemToStringLabel={(option: SelectOption<V>) => option.label}
      isItemEqualToValue={(one: SelectOption<V>, other: SelectOption<V>) => one.value === other.value}
      limit={mostShown}
      disabled={disabled}
      autoHighlight
      {...(find !== undefined && { filter: null })}
    >
      <BaseCombobox.InputGroup
        className={classes(control['control'], styles['box'], className)}
        data-disabled={disabled || undefined}
      >
        <BaseCombobox.Input
          {...useControlAttributes(label)}
          className={styles['input']}
          placeholder={placeholder ?? words('choose')}
        />
        {found.busy && <Spinner size="small" label={words('searching')} />}
        <BaseCombobox.Trigger className={styles['open']} aria-label={words('open')}>
          <ChevronsUpDown aria-hidden />
        </BaseCombobox.Trigger>
      </BaseCombobox.InputGroup>
      <BaseCombobox.Portal>
        <BaseCombobox.Positioner className={popup['positioner']} sideOffset={4}>
          <BaseCombobox.Popup className={popup['popup']}>
            <BaseCombobox.Empty>
              <div className={popup['empty']}>
                {found.busy ? words('searching') : (found.problem ?? words('noMatch'))}
              </div>
            </BaseCombobox.Empty>
            <BaseCombobox.List>
              {(option: SelectOption<V>) => <Item key={option.value} option={option} />}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  );
}

function Item({ option }: { readonly option: SelectOption }) {
  return (
    <BaseCombobox.Item value={option} disabled={option.disabled ?? false} className={popup['item']}>
      <span>{option.label}</span>
      <BaseCombobox.ItemIndicator className={popup['check']}>
        <Check aria-hidden />
      </BaseCombobox.ItemIndicator>
      {option.hint !== undefined && <span className={popup['hint']}>{option.hint}</span>}
    </BaseCombobox.Item>
  );
}
