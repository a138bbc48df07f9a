import type { MainJobView } from '#contract/main-job.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Sparkline } from '../../../ui/sparkline.tsx';
import { Term } from '../../../ui/term.tsx';
import { formatFigure } from '../../../words/format.ts';
import { useTrainWords } from '../train-words.ts';
import { lossRange, type TrainingActs, type TrainingPhase } from '../training-progress.ts';
import { MainJobSteps } from './main-job-steps.tsx';
import styles from './train-step.module.css';

export interface TrainViewProps {
  /** Null until the engine told of it. */
  readonly view: MainJobView | null;
  readonly phase: TrainingPhase;
  readonly acts: TrainingActs;
  readonly isCancelling: boolean;
  readonly onAct: (act: 'pause' | 'resume' | 'finish' | 'cancel' | 'goOn' | 'changePlan') => void;
}

/** What happens now, and what can be done about it. */
export function TrainView({ view, phase, acts, isCancelling, onAct }: TrainViewProps) {
  const words = useTrainWords();
  if (view === null) return <Skeleton lines={13} height={1.75} />;
  return (
    <>
      {view.failure !== null && phase !== 'done' && (
        <ErrorNotice
          failure={view.failure}
          actions={
            <>
              <Button onClick={() => onAct('goOn')}>{words('tryAgain')}</Button>
              <Button onClick={() => onAct('changePlan')}>{words('changePlan')}</Button>
            </>
          }
        />
      )}
      {phase === 'waiting' && view.queuePosition !== null && (
        <Notice tone="info">{words('queue', { position: view.queuePosition })}</Notice>
      )}
      <Tools view={view} acts={acts} isCancelling={isCancelling} onAct={onAct} />
      <MainJobSteps steps={view.steps} />
    </>
  );
}

function Tools({
  view,
  acts,
  isCancelling,
  onAct,
}: Omit<TrainViewProps, 'phase' | 'view'> & { readonly view: MainJobView }) {
  const words = useTrainWords();
  const hasFailure = view.failure !== null;
  return (
    <div className={styles['tools']}>
      {acts.canPause && <Button onClick={() => onAct('pause')}>{words('pause')}</Button>}
      {acts.canResume && <Button onClick={() => onAct('resume')}>{words('resume')}</Button>}
      {acts.canFinish && <Button onClick={() => onAct('finish')}>{words('finish')}</Button>}
      {acts.canCancel && (
        <Button kind="quiet" busy={isCancelling} onClick={() => onAct('cancel')}>
          {words('cancel')}
        </Button>
      )}
      {acts.canGoOn && !hasFailure && (
        <>
          <Button onClick={() => onAct('goOn')}>{words('tryAgain')}</Button>
          <Button onClick={() => onAct('changePlan')}>{words('changePlan')}</Button>
        </>
      )}
      <LinkButton kind="quiet" to={`/runs/${encodeURIComponent(view.id)}`}>
        {words('openRun')}
      </LinkButton>
    </div>
  );
}

/** The loss, small: the run's page has it large. */
export function LiveLoss({
  losses,
  isLive,
}: {
  readonly losses: readonly (number | null)[];
  readonly isLive: boolean;
}) {
  const words = useTrainWords();
  const range = lossRange(losses);
  return (
    <aside className={styles['live']} aria-label={words('lossTitle')}>
      <h3>
        <Term id="loss">{words(isLive ? 'lossNow' : 'lossEnd')}</Term>
      </h3>
      <p className={styles['loss']}>{range === null ? '–' : formatFigure(range.now)}</p>
      <Sparkline
        className={styles['curve']}
        values={losses}
        tone="accent"
        label={
          range === null
            ? words('noLoss')
            : `${words('lossTitle')}: ${formatFigure(range.first)} … ${formatFigure(range.now)}`
        }
      />
      <p className={styles['small']}>
        {range === null ? words('noLoss') : words('lossStarted', { loss: formatFigure(range.first) })}
      </p>
      {isLive && <p className={styles['small']}>{words('leave')}</p>}
    </aside>
  );
}
