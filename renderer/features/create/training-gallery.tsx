import type { ReactNode } from 'react';
import type { MainJobView } from '#contract/main-job.ts';
import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { Page } from '../../ui/page.tsx';
import { failureOfCode } from './fixtures.ts';
import { servedFacts } from './serve-facts.ts';
import { answers, losses, mainJob, result, servingView, stepsAt } from './training-fixtures.ts';
import { actsOf, phaseOf, verdictParts } from './training-progress.ts';
import { Answers, ResultFigures, Verdict } from './views/result-view.tsx';
import resultStyles from './views/result-step.module.css';
import { OllamaPart, ServeView } from './views/serve-view.tsx';
import { StepFrame } from './views/step-frame.tsx';
import { LiveLoss, TrainView } from './views/train-view.tsx';

const nothing = (): void => undefined;

function shownTraining(view: MainJobView | null, curve = losses, state: 'running' | 'paused' = 'running'): ReactNode {
  const job = view?.state === 'running' ? { id: 'job-train', state } : null;
  return (
    <Page title="Create a model" subtitle="tickets-2026.csv" layout="fill">
      <StepFrame
        title="In training"
        saving="saved"
        onBack={nothing}
        consequence={<LiveLoss losses={curve} isLive={view?.state === 'running' || view?.state === 'waiting'} />}
        primary={null}
      >
        <TrainView
          view={view}
          phase={phaseOf(view ?? { state: 'waiting' }, job)}
          acts={actsOf(view ?? { state: 'waiting' }, job)}
          isCancelling={false}
          onAct={nothing}
        />
      </StepFrame>
    </Page>
  );
}

function shownResult(changes: Partial<typeof result>): ReactNode {
  const shown = { ...result, ...changes };
  return (
    <Page title="Create a model" subtitle="tickets-2026.csv" layout="fill">
      <StepFrame
        isWide
        title={<span className={resultStyles['verdict']}>{verdictParts(shown.verdict).head}</span>}
        saving="saved"
        onBack={nothing}
        consequence={<ResultFigures result={shown} />}
        primary={{ label: 'Serve this version', onGo: nothing }}
      >
        <Verdict result={shown} />
        <Answers
          answers={{ value: { total: 83, rows: answers }, isLoading: false, failure: null }}
          order="worst-first"
          onOrder={nothing}
          onRetry={nothing}
        />
      </StepFrame>
    </Page>
  );
}

function shownServing(isServed: boolean): ReactNode {
  const facts = servedFacts(isServed ? servingView : null, 'support', 3);
  return (
    <Page title="Create a model" subtitle="tickets-2026.csv" layout="fill">
      <StepFrame
        title="Use it"
        saving="saved"
        onBack={nothing}
        primary={isServed ? null : { label: 'Serve this version', onGo: nothing }}
      >
        <ServeView
          name="support"
          version={3}
          facts={facts}
          question="My camera's picture is black."
          failure={null}
          onRetry={nothing}
        />
        <OllamaPart
          status={{ state: 'running', host: 'http://127.0.0.1:11434', version: '0.13.0' }}
          names={[]}
          isBusy={false}
          onDeploy={nothing}
        />
      </StepFrame>
    </Page>
  );
}

const outOfMemory = failureOfCode(
  'job.out-of-memory',
  'The training process ran out of memory at step 12, three times, with ever smaller batches.',
  'Close other programs or choose a smaller base model, then go on: the steps before it are kept.',
);

const fetching = { text: '412 MB of 724 MB', fraction: 0.57, etaSeconds: 48 };

export const trainingGallery: readonly GalleryEntry[] = [
  { id: 'create/train-running', title: 'Train, running', render: () => shownTraining(mainJob({})) },
  {
    id: 'create/train-waiting',
    title: 'Train, in the queue',
    render: () => shownTraining(mainJob({ state: 'waiting', queuePosition: 2, steps: stepsAt(-1) }), []),
  },
  { id: 'create/train-loading', title: 'Train, loading', render: () => shownTraining(null, []) },
  {
    id: 'create/train-failed',
    title: 'Train, failed',
    render: () =>
      shownTraining(mainJob({ state: 'failed', failure: outOfMemory, steps: stepsAt(7, { state: 'failed' }) })),
  },
  {
    id: 'create/train-paused',
    title: 'Train, paused',
    render: () => shownTraining(mainJob({}), losses, 'paused'),
  },
  {
    id: 'create/train-cancelled',
    title: 'Train, cancelled',
    render: () => shownTraining(mainJob({ state: 'cancelled', steps: stepsAt(7, { state: 'interrupted' }) })),
  },
  {
    id: 'create/train-fetching-base',
    title: 'Train, the base is being fetched',
    render: () => shownTraining(mainJob({ steps: stepsAt(3, fetching) }), []),
  },
  { id: 'create/result', title: 'Result, better', render: () => shownResult({}) },
  {
    id: 'create/result-no-difference',
    title: 'Result, no difference visible',
    render: () =>
      shownResult({
        verdict: "No difference visible; with 83 rows in 41 groups changes under 9 points can't be seen.",
        baseScore: 44,
        tunedScore: 46,
        delta: 2,
        interval: [-4, 8],
      }),
  },
  {
    id: 'create/result-worse',
    title: 'Result, worse',
    render: () =>
      shownResult({
        verdict: 'Worse by 12 points (5 to 19): 61 -> 49 of 100, on 83 rows in 41 groups.',
        baseScore: 61,
        tunedScore: 49,
        delta: -12,
        interval: [-19, -5],
      }),
  },
  {
    id: 'create/result-too-few',
    title: 'Result, too few rows to tell',
    render: () =>
      shownResult({
        verdict: 'Too few to compare: 13 rows in 13 groups were measured; at least 20 groups are needed.',
        rows: { train: 21, validation: 6, heldOut: 13, heldOutGroups: 13, rejected: 2 },
        baseScore: 0,
        tunedScore: 69,
        delta: 69,
        interval: null,
      }),
  },
  { id: 'create/serve', title: 'Serve, not yet', render: () => shownServing(false) },
  { id: 'create/served', title: 'Serve, serving', render: () => shownServing(true) },
];
