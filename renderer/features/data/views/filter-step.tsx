import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import GripVertical from 'lucide-react/icons/grip-vertical';
import X from 'lucide-react/icons/x';
import { useRef, type KeyboardEvent } from 'react';
import type { StepOutcome } from '#contract/dataset-versions.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { classes } from '../../../ui/classes.ts';
import { Switch } from '../../../ui/switch.tsx';
import { formatNumber } from '../../../words/format.ts';
import type { BaseChoice } from '../choices-store.ts';
import type { ListedStep } from '../filter-steps.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import type { FilterHandlers } from './filters-tab.tsx';
import styles from './filters.module.css';
import { StepExamples } from './step-examples.tsx';
import { StepForm } from './step-form.tsx';
import type { StepDrag } from './use-step-drag.ts';

interface FilterStepProps {
  readonly listed: ListedStep;
  readonly bases: readonly BaseChoice[];
  readonly index: number;
  readonly count: number;
  /** Null while it is not counted. */
  readonly outcome: StepOutcome | null;
  readonly isOpen: boolean;
  readonly drag: StepDrag;
  readonly handlers: FilterHandlers;
}

/** One step: switched on or off, moved by its grip or by Alt and the arrows, with what it did. */
export function FilterStep(props: FilterStepProps) {
  const { listed, bases, index, count, outcome, isOpen, drag, handlers } = props;
  const { key, step, isOn } = listed;
  const words = useDatasetsWords();
  const name = words(`step_${step.kind}`);
  const line = useRef<HTMLLIElement>(null);
  const move = (to: number): void => handlers.move(index, to);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (!event.altKey || by === 0) return;
    event.preventDefault();
    move(index + by);
  };
  return (
    <li
      ref={line}
      className={classes(styles['step'], drag.over === index && styles['over'], !isOn && styles['off'])}
      onKeyDown={onKeyDown}
      {...drag.target(index)}
    >
      <div className={styles['stepTop']}>
        <span className={styles['grip']} {...drag.handle(index)} aria-hidden>
          <GripVertical size={16} />
        </span>
        <span className={styles['number']}>{index + 1}</span>
        <Switch checked={isOn} onChange={(next) => handlers.switchStep(key, next)}>
          <span className={styles['stepName']}>{name}</span>
        </Switch>
        <span className={styles['counts']}>{isOn && outcome !== null && <Counts outcome={outcome} />}</span>
        <span className={styles['stepButtons']}>
          <IconButton
            label={words('moveUp', { name })}
            icon={<ArrowUp />}
            disabled={index === 0}
            onClick={() => move(index - 1)}
          />
          <IconButton
            label={words('moveDown', { name })}
            icon={<ArrowDown />}
            disabled={index + 1 === count}
            onClick={() => move(index + 1)}
          />
          <IconButton label={words('removeStep', { name })} icon={<X />} onClick={() => handlers.remove(key)} />
        </span>
      </div>
      <StepForm step={step} bases={bases} onChange={(next) => handlers.change(key, next)} />
      {outcome !== null && outcome.examples.length > 0 && (
        <Button
          kind="quiet"
          className={styles['more']}
          aria-expanded={isOpen}
          onClick={() => handlers.show(isOpen ? null : key)}
        >
          {words(isOpen ? 'hideExamples' : 'showExamples', { count: outcome.examples.length })}
        </Button>
      )}
      {isOpen && outcome !== null && <StepExamples outcome={outcome} />}
    </li>
  );
}

function Counts({ outcome: { kept, dropped, changed, added = 0, counted } }: { readonly outcome: StepOutcome }) {
  const words = useDatasetsWords();
  return (
    <>
      {counted === 'estimated' && <span className={styles['muted']}>{words('estimatedTokens')}</span>}
      <span>{words('kept', { count: kept, rows: formatNumber(kept) })}</span>
      <span className={dropped > 0 ? styles['dropped'] : styles['muted']}>
        {words('dropped', { count: dropped, rows: formatNumber(dropped) })}
      </span>
      {changed > 0 && <span>{words('changed', { count: changed, rows: formatNumber(changed) })}</span>}
      {added > 0 && <span>{words('stepAdded', { count: added, rows: formatNumber(added) })}</span>}
    </>
  );
}
