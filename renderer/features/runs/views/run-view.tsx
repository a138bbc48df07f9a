import { useCallback, type ReactNode } from 'react';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { formatFigure, formatNumber } from '../../../words/format.ts';
import { noFacts } from '../run-recorder.ts';
import type { OpenRun } from '../run-store.ts';
import { useRunsWords, type RunsWords } from '../runs-words.ts';
import { allowedActions, currentStep, stateWord, stepSentence, type RunAction, type RunSubject } from '../selectors.ts';
import { whyStopped, type StopReason } from '../why-stopped.ts';
import type { OverlayChoice } from './overlay-picker.tsx';
import { RunCharts, type Overlay } from './run-charts.tsx';
import { RunDetails, type RunDetailsProps } from './run-details.tsx';
import { RunHeader } from './run-header.tsx';
import { actionIcons, RunMenu } from './run-menu.tsx';
import { RunSamples } from './run-samples.tsx';
import { Said } from '../../../words/said.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
import classes from './run.module.css';
import { StateBadge } from './state-badge.tsx';
import { nameOf } from './use-run-acts.ts';

export interface RunViewProps {
  readonly subject: RunSubject;
  /** Null before there is a worker whose events could be read. */
  readonly run: OpenRun | null;
  readonly overlays: readonly Overlay[];
  readonly choice: OverlayChoice;
  readonly details: Pick<RunDetailsProps, 'console' | 'readings' | 'onTab' | 'firstTab'>;
  readonly onAct: (action: RunAction, subject: RunSubject) => void;
}

const buttons = ['pause', 'resume', 'finish', 'cancel', 'goOn'] as const;
const remedies = ['goOn', 'resume'] as const;

/** One run, live or over: how it stands, its curves, its answers, and everything behind them. */
export function RunView({ subject, run, overlays, choice, details, onAct }: RunViewProps) {
  const words = useRunsWords();
  const { mainJob } = subject;
  const name = nameOf(subject);
  const reason = whyStopped(subject, run?.facts ?? noFacts);
  return (
    <Page
      title={name}
      subtitle={<Standing subject={subject} />}
      actions={<Actions subject={subject} onAct={onAct} hasRemedy={reason !== null} />}
      className={classes['page']}
    >
      <div className={classes['content']}>
        <Ending reason={reason} subject={subject} onAct={onAct} words={words} />
        <RunHeader subject={subject} run={run} />
        <Curves {...{ subject, run, overlays, choice }} />
        {run !== null && run.status !== 'failed' && (
          <div className={classes['columns']}>
            <RunSamples samples={run.facts.samples} />
            <RunDetails {...details} name={name} facts={run.facts} result={mainJob?.result ?? null} />
          </div>
        )}
      </div>
    </Page>
  );
}

function Standing({ subject }: { readonly subject: RunSubject }) {
  const { mainJob } = subject;
  return (
    <span className={classes['standing']}>
      <StateBadge state={stateWord(subject)} />
      <span>
        <Said text={mainJob?.result?.verdict ?? stepSentence(subject)} />
      </span>
    </span>
  );
}

/** What the notice below offers as its remedy does not stand here a second time. */
function Actions({
  subject,
  onAct,
  hasRemedy,
}: Pick<RunViewProps, 'subject' | 'onAct'> & { readonly hasRemedy: boolean }) {
  const words = useRunsWords();
  const allowed = allowedActions(subject);
  const { mainJob } = subject;
  return (
    <>
      {buttons
        .filter((action) => allowed.has(action) && !(hasRemedy && remedies.some((remedy) => remedy === action)))
        .map((action) => (
          <Button key={action} icon={actionIcons[action]} onClick={() => onAct(action, subject)}>
            {words(action)}
          </Button>
        ))}
      <RunMenu subject={subject} onAct={onAct} without={buttons} />
      {mainJob?.state === 'succeeded' && mainJob.result?.ggufPath != null && (
        <LinkButton to="/models" kind="primary">
          {words('seeResult')}
        </LinkButton>
      )}
    </>
  );
}

interface EndingProps {
  readonly reason: StopReason | null;
  readonly subject: RunSubject;
  readonly onAct: RunViewProps['onAct'];
  readonly words: RunsWords;
}

const endTones = { failed: 'bad', interrupted: 'warn', cancelled: 'info', paused: 'info' } as const;
const endWords = {
  completed: 'whyCompleted',
  earlyStop: 'whyEarlyStop',
  earlyStopBest: 'whyEarlyStopBest',
  timeBudget: 'whyTimeBudget',
  stopRequested: 'whyStopRequested',
  failed: 'whyFailed',
  cancelled: 'whyCancelled',
  interrupted: 'whyInterrupted',
  paused: 'whyPaused',
  other: 'whyOther',
} as const;

/** Why it is no longer going on, in a sentence; where the person can do something, as a button. */
function Ending({ reason, subject, onAct, words }: EndingProps) {
  if (reason === null) return null;
  const { kind, step, best, text, remedy } = reason;
  const tone = endTones[kind as keyof typeof endTones];
  const sentence = words(endWords[kind], {
    step: formatNumber(step),
    text,
    bestStep: formatNumber(best?.step ?? 0),
    bestLoss: formatFigure(best?.loss ?? Number.NaN),
  });
  if (tone === undefined) return <p className={classes['ending']}>{sentence}</p>;
  const offered = remedies.filter((one) => allowedActions(subject).has(one));
  const action: ReactNode = offered.map((one) => (
    <Button key={one} icon={actionIcons[one]} onClick={() => onAct(one, subject)}>
      {words(one)}
    </Button>
  ));
  if (kind !== 'failed') {
    return (
      <Notice tone={tone} action={action}>
        {sentence}
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title={text === '' ? sentence : text} action={action}>
      {remedy}
    </Notice>
  );
}

function Curves({ subject, run, overlays, choice }: Pick<RunViewProps, 'subject' | 'run' | 'overlays' | 'choice'>) {
  const words = useRunsWords();
  const { say } = useSpeaker();
  const reload = useCallback(() => location.reload(), []);
  if (run === null) {
    const step = subject.mainJob === null ? null : currentStep(subject.mainJob);
    return (
      <EmptyState
        title={words('noWorkerTitle')}
        text={words('noWorkerText', { step: say(step?.text ?? words('stateWaiting')) })}
      />
    );
  }
  if (run.status === 'failed' && run.failure !== null) return <ErrorNotice failure={run.failure} onRetry={reload} />;
  if (run.status === 'loading') return <Skeleton height={26} />;
  return <RunCharts name={nameOf(subject)} run={run} overlays={overlays} choice={choice} />;
}
