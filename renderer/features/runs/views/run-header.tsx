import { useMemo, type ReactNode } from 'react';
import { useSeriesRevision } from '../../../charts/use-series-revision.ts';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Term } from '../../../ui/term.tsx';
import { formatDuration, formatFigure, formatNumber } from '../../../words/format.ts';
import { bestCheckpoint, recentChange } from '../run-figures.ts';
import type { OpenRun } from '../run-store.ts';
import { useRunsWords } from '../runs-words.ts';
import { currentStep, stateWord, type RunSubject } from '../selectors.ts';
import classes from './run.module.css';

interface RunHeaderProps {
  readonly subject: RunSubject;
  readonly run: OpenRun | null;
}

/** The figures one looks for first: step, loss and where it is going, the best so far, how long it still takes. */
export function RunHeader({ subject, run }: RunHeaderProps) {
  const words = useRunsWords();
  const { mainJob, worker } = subject;
  const step = mainJob === null ? null : currentStep(mainJob);
  const isGoingOn = stateWord(subject) === 'running';
  const left = isGoingOn ? (worker?.phase?.etaSeconds ?? step?.etaSeconds ?? null) : null;
  const fraction = worker?.phase?.fraction ?? step?.fraction ?? null;
  const isTraining = isGoingOn && step?.step === 'train';
  return (
    <div className={classes['header']}>
      <dl className={classes['figures']}>
        <StepFigure run={run} />
        {run !== null && <LossFigure run={run} />}
        {run !== null && <BestFigure run={run} />}
        {left !== null && <Figure name={words('stillAt')}>{formatDuration(left)}</Figure>}
        {worker !== null && worker.attempt > 1 && (
          <Figure name={words('attempt')}>{formatNumber(worker.attempt)}</Figure>
        )}
      </dl>
      {(isTraining || (isGoingOn && fraction !== null)) && (
        <ProgressBar fraction={fraction} label={words('progressOf', { name: mainJob?.name ?? worker?.name ?? '' })} />
      )}
    </div>
  );
}

interface FigureProps {
  readonly name: ReactNode;
  readonly note?: string;
  readonly children: ReactNode;
}

function Figure({ name, note, children }: FigureProps) {
  return (
    <div className={classes['figure']}>
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && <span className={classes['figureNote']}>{note}</span>}
      </dd>
    </div>
  );
}

function StepFigure({ run }: { readonly run: OpenRun | null }) {
  const words = useRunsWords();
  const { step = null, measured = null } = run?.facts ?? {};
  const loss = run?.series.loss;
  // The curve grows without telling React; the facts know the step of the last heartbeat at least.
  useSeriesRevision(
    useMemo(() => (loss === undefined ? [] : [loss]), [loss]),
    500,
  );
  const newest = loss === undefined || loss.length === 0 ? step : loss.step(loss.length - 1);
  if (newest === null) return null;
  const planned = measured?.plannedSteps ?? null;
  const text = formatNumber(newest);
  return (
    <Figure name={words('step')}>
      {planned === null ? text : words('ofSteps', { step: text, total: formatNumber(planned) })}
    </Figure>
  );
}

function LossFigure({ run }: { readonly run: OpenRun }) {
  const words = useRunsWords();
  const { loss } = run.series;
  const revision = useSeriesRevision(
    useMemo(() => [loss], [loss]),
    500,
  );
  const recent = useMemo(() => (revision === '' ? null : recentChange(loss)), [loss, revision]);
  if (recent === null) return null;
  const { now, change, steps } = recent;
  const note = change === null ? undefined : words('lossChange', { change: signed(change), count: steps });
  return (
    <Figure name={<Term id="loss">{words('lossNow')}</Term>} {...(note === undefined ? {} : { note })}>
      {formatFigure(now)}
    </Figure>
  );
}

/** With a sign of its own; a minus, not a hyphen. */
function signed(change: number): string {
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${formatFigure(Math.abs(change), 2)}`;
}

function BestFigure({ run }: { readonly run: OpenRun }) {
  const words = useRunsWords();
  const best = bestCheckpoint(run.facts);
  if (best === null || best.validationLoss === null) return null;
  return (
    <Figure
      name={<Term id="held-out">{words('bestHeldOut')}</Term>}
      note={words('atStep', { step: formatNumber(best.step) })}
    >
      {formatFigure(best.validationLoss)}
    </Figure>
  );
}
