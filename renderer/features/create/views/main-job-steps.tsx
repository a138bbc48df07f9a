import Check from 'lucide-react/icons/check';
import Circle from 'lucide-react/icons/circle';
import CircleDot from 'lucide-react/icons/circle-dot';
import Minus from 'lucide-react/icons/minus';
import X from 'lucide-react/icons/x';
import type { MainJobStepView } from '#contract/main-job.ts';
import { classes } from '../../../ui/classes.ts';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatDuration } from '../../../words/format.ts';
import { useTrainWords } from '../train-words.ts';
import { useSpeaker } from '../../../words/speaker.ts';
import styles from './train-step.module.css';

const signs = {
  waiting: Circle,
  running: CircleDot,
  done: Check,
  reused: Check,
  skipped: Minus,
  failed: X,
  interrupted: X,
};
const looks = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  reused: 'done',
  skipped: 'skipped',
  failed: 'failed',
  interrupted: 'failed',
};

/** The thirteen steps of a main job: which are behind, what the present one does, what is to come. */
export function MainJobSteps({ steps }: { readonly steps: readonly MainJobStepView[] }) {
  const words = useTrainWords();
  return (
    <ol className={styles['steps']} aria-label={words('steps')}>
      {steps.map((step) => (
        <StepRow key={step.step} step={step} />
      ))}
    </ol>
  );
}

function StepRow({ step: { step, state, text, fraction, etaSeconds, seconds } }: { readonly step: MainJobStepView }) {
  const words = useTrainWords();
  const said = useSpeaker().say(text);
  const Sign = signs[state];
  const isRunning = state === 'running';
  const left = isRunning && etaSeconds !== null ? words('left', { time: formatDuration(etaSeconds) }) : undefined;
  const took = !isRunning && seconds !== null && seconds >= 1 ? formatDuration(seconds) : '';
  return (
    <li className={classes(styles['step'], styles[looks[state]])} aria-current={isRunning ? 'step' : undefined}>
      <span className={styles['sign']}>
        <Sign size={14} aria-hidden />
      </span>
      <span className={styles['name']}>
        {words(`step_${step}`)} <span className="visually-hidden">{words(`state_${state}`)}</span>
      </span>
      <span className={styles['time']}>
        {state === 'reused' || state === 'skipped' ? words(`state_${state}`) : took}
      </span>
      {text !== '' && <span className={styles['text']}>{said}</span>}
      {isRunning && (
        <div className={styles['bar']}>
          <ProgressBar fraction={fraction} label={words(`step_${step}`)} text={left} />
        </div>
      )}
    </li>
  );
}
