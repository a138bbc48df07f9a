import { useId, type ReactNode } from 'react';
import styles from './radio-cards.module.css';

export interface RadioCard<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly description?: ReactNode;
  /** A `Badge` at the right of the label, such as "recommended". */
  readonly badge?: ReactNode;
  /** A line of figures under the description. */
  readonly figures?: ReactNode;
  /** Why it cannot be chosen; shown in the card. */
  readonly disabledReason?: string | null | undefined;
}

export interface RadioCardsProps<V extends string> {
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  readonly options: readonly RadioCard<V>[];
  readonly label: string;
  /** The label is shown above, else only read out. */
  readonly showLabel?: boolean;
  readonly columns?: 1 | 2 | 3;
  readonly className?: string | undefined;
}

/** A choice worth thinking about: each option with what it means. */
export function RadioCards<V extends string>(props: RadioCardsProps<V>) {
  const { value, onChange, options, label, showLabel = false, columns = 1, className, ...rest } = props;
  const name = useId();
  return (
    <div role="radiogroup" aria-labelledby={`${name}-label`} className={className} {...rest}>
      <p id={`${name}-label`} className={showLabel ? styles['legend'] : 'visually-hidden'}>
        {label}
      </p>
      <div className={styles['cards']} data-columns={columns}>
        {options.map((option) => (
          <Card
            key={option.value}
            option={option}
            name={name}
            checked={option.value === value}
            onChoose={() => onChange(option.value)}
          />
        ))}
      </div>
    </div>
  );
}

interface CardProps {
  readonly option: RadioCard<string>;
  readonly name: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
}

function Card({ option, name, checked, onChoose }: CardProps) {
  const id = useId();
  const reason = option.disabledReason ?? null;
  return (
    <label className={styles['card']}>
      <input
        type="radio"
        name={name}
        value={option.value}
        checked={checked}
        disabled={reason !== null}
        onChange={onChoose}
        className={styles['radio']}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-more`}
      />
      <span className={styles['words']}>
        <span className={styles['top']}>
          <span id={`${id}-label`} className={styles['label']}>
            {option.label}
          </span>
          {option.badge}
        </span>
        <span id={`${id}-more`} className={styles['more']}>
          {option.description !== undefined && <span className={styles['description']}>{option.description}</span>}
          {option.figures !== undefined && <span className={styles['figures']}>{option.figures}</span>}
          {reason !== null && <span className={styles['reason']}>{reason}</span>}
        </span>
      </span>
    </label>
  );
}
