import { useEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { classes } from '../../../ui/classes.ts';
import { useScrollPlace } from '../../../ui/use-scroll-place.ts';
import { useCreateWords } from '../create-words.ts';
import styles from './step-frame.module.css';

export interface StepPrimary {
  /** A verb with its object. */
  readonly label: string;
  readonly onGo: () => void;
  readonly busy?: boolean;
  /** Why one cannot go on yet. */
  readonly disabledReason?: string | null;
}

export interface StepFrameProps {
  readonly title: ReactNode;
  readonly intro?: ReactNode;
  /** The decision, at the left. */
  readonly children: ReactNode;
  /** What follows from it, at the right. */
  readonly consequence?: ReactNode;
  /** The one primary button; Enter does the same. Null where there is nothing to go on to. */
  readonly primary: StepPrimary | null;
  readonly secondary?: ReactNode;
  readonly onBack?: (() => void) | undefined;
  readonly saving?: 'saved' | 'waiting' | 'failed' | undefined;
  readonly isWide?: boolean;
  /** Another value is another arrival: what is shown was exchanged without leaving the step. */
  readonly arrival?: string;
}

/** One step: left the decision, right what follows from it, below the way on and back. */
export function StepFrame(props: StepFrameProps) {
  const { title, intro, children, consequence, primary, isWide = false, arrival = '' } = props;
  const heading = useFocusOnArrival(arrival);
  const scrollPlace = useScrollPlace('wizard');
  const go = (event?: FormEvent): void => {
    event?.preventDefault();
    if (primary !== null && primary.busy !== true && (primary.disabledReason ?? null) === null) primary.onGo();
  };
  useEnter(go);
  return (
    <form className={styles['wizard']} onSubmit={go} noValidate>
      <div className={styles['scroll']} data-scroll-restoration-id={scrollPlace}>
        <div className={styles['columns']}>
          <div className={classes(styles['decision'], isWide && styles['wide'])}>
            <div className={styles['heading']}>
              <h2 ref={heading} tabIndex={-1}>
                {title}
              </h2>
              {intro !== undefined && <p className={styles['intro']}>{intro}</p>}
            </div>
            {children}
          </div>
          {consequence !== undefined && <div className={styles['aside']}>{consequence}</div>}
        </div>
      </div>
      <StepFoot {...props} />
    </form>
  );
}

function StepFoot({ primary, secondary, onBack, saving }: StepFrameProps) {
  const words = useCreateWords();
  const said = { saved: words('saved'), waiting: words('saving'), failed: words('notSaved') };
  return (
    <div className={styles['foot']}>
      {onBack !== undefined && (
        <Button kind="quiet" onClick={onBack}>
          {words('back')}
        </Button>
      )}
      <span className={styles['saving']}>{saving === undefined ? '' : said[saving]}</span>
      {secondary}
      {primary !== null && (
        <Button
          kind="primary"
          type="submit"
          busy={primary.busy ?? false}
          disabledReason={primary.disabledReason ?? null}
          keys="Enter"
        >
          {primary.label}
        </Button>
      )}
    </div>
  );
}

/** A new step is announced: its heading takes the focus, unless the person is already in a field of it. */
function useFocusOnArrival(arrival: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body || !focused.matches('input, textarea, select'))
      heading.current?.focus({ preventScroll: true });
  }, [arrival]);
  return heading;
}

const hasOwnEnter = 'a, button, input, textarea, select, summary, [role], [contenteditable]';

/** Enter where nothing else wants it goes on; inside a field the form does it. */
function useEnter(go: () => void): void {
  const latest = useRef(go);
  useEffect(() => {
    latest.current = go;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || event.defaultPrevented || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target !== null && target !== document.body && target.closest(hasOwnEnter) !== null) return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return;
      latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
