import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import { classes } from './classes.ts';
import styles from './stepper.module.css';
import { useUiWords } from './ui-words.ts';

export type StepState = 'done' | 'now' | 'later' | 'failed';

export interface Step<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  readonly state: StepState;
}

export interface StepperProps<Id extends string> {
  readonly steps: readonly Step<Id>[];
  /** Goes to a step that is done, failed or being done; steps that come later cannot be reached by it. */
  readonly onGo: (id: Id) => void;
  readonly label?: string | undefined;
  /** The step that is looked at, where that is not the one that is `now`. */
  readonly shown?: Id | undefined;
  readonly className?: string | undefined;
}

/** Where one is on a way of several steps. */
export function Stepper<Id extends string>({ steps, onGo, label, shown, className, ...rest }: StepperProps<Id>) {
  const current = shown ?? steps.find((step) => step.state === 'now')?.id;
  return (
    <nav aria-label={label} className={classes(styles['stepper'], className)} {...rest}>
      <ol className={styles['steps']}>
        {steps.map((step, index) => (
          <li
            key={step.id}
            className={classes(styles['step'], styles[step.state])}
            data-shown={step.id === current || undefined}
          >
            <StepButton step={step} number={index + 1} isShown={step.id === current} onGo={() => onGo(step.id)} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface StepButtonProps {
  readonly step: Step;
  readonly number: number;
  readonly isShown: boolean;
  readonly onGo: () => void;
}

function StepButton({ step, number, isShown, onGo }: StepButtonProps) {
  const words = useUiWords();
  const said = {
    done: words('stepDone'),
    now: words('stepNow'),
    later: words('stepLater'),
    failed: words('stepFailed'),
  };
  return (
    <button
      type="button"
      className={styles['button']}
      aria-current={isShown ? 'step' : undefined}
      disabled={step.state === 'later' && !isShown}
      onClick={onGo}
    >
      <span className={styles['sign']} aria-hidden>
        {step.state === 'done' ? <Check /> : step.state === 'failed' ? <X /> : number}
      </span>
      {step.label}
      <span className="visually-hidden">, {said[step.state]}</span>
    </button>
  );
}
