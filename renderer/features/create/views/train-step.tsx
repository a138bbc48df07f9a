import { useEffect, useState } from 'react';
import { failureOf } from '../../../connection/engine-access.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useToast } from '../../../ui/toast-context.ts';
import { useUndo } from '../../../ui/undo.ts';
import { createDraftsStore } from '../drafts-store.ts';
import { actsOf, phaseOf, type TrainingPhase } from '../training-progress.ts';
import { createTrainingStore } from '../training-store.ts';
import { useTrainWords } from '../train-words.ts';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import { LiveLoss, TrainView, type TrainViewProps } from './train-view.tsx';
import { speakerNow } from '../../../words/speaker.ts';

const titles = {
  waiting: 'titleWaiting',
  running: 'titleRunning',
  paused: 'titlePaused',
  done: 'titleDone',
  failed: 'titleFailed',
  cancelled: 'titleCancelled',
  interrupted: 'titleInterrupted',
} as const satisfies Record<TrainingPhase, string>;

/** The training itself: it needs nobody, and can be watched, paused, ended early or cancelled. */
export function TrainStep({ draft, saving, onGo }: StepProps) {
  const words = useTrainWords();
  const view = useStoreOf(createTrainingStore, (state) => state.view);
  const job = useStoreOf(createTrainingStore, (state) => state.job);
  const losses = useLosses();
  const { isCancelling, act } = useActs(draft.mainJob, () => onGo('plan'));
  const phase = view === null ? 'waiting' : phaseOf(view, job);
  const acts = actsOf(view ?? { state: 'waiting' }, job);
  return (
    <StepFrame
      title={words(titles[phase])}
      consequence={<LiveLoss losses={losses} isLive={acts.canCancel} />}
      saving={saving}
      onBack={() => onGo('plan')}
      primary={view?.result == null ? null : { label: words('seeResult'), onGo: () => onGo('result') }}
    >
      <TrainView view={view} phase={phase} acts={acts} isCancelling={isCancelling} onAct={act} />
    </StepFrame>
  );
}

function useLosses(): readonly (number | null)[] {
  const job = useStoreOf(
    createTrainingStore,
    ({ view }) => view?.steps.find(({ step }) => step === 'train')?.job ?? null,
  );
  const watchLoss = useStoreOf(createTrainingStore, (state) => state.watchLoss);
  useEffect(() => (job === null ? undefined : watchLoss(job)), [job, watchLoss]);
  return useStoreOf(createTrainingStore, (state) => state.losses);
}

function useActs(
  id: string | null,
  onPlan: () => void,
): Pick<TrainViewProps, 'isCancelling'> & { act: TrainViewProps['onAct'] } {
  const words = useTrainWords();
  const toast = useToast();
  const offerUndo = useUndo();
  const job = useStoreOf(createTrainingStore, (state) => state.job);
  const actOn = useStoreOf(createTrainingStore, (state) => state.act);
  const cancel = useStoreOf(createTrainingStore, (state) => state.cancel);
  const goOn = useStoreOf(createTrainingStore, (state) => state.goOn);
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const [isCancelling, setIsCancelling] = useState(false);
  const tell = (error: unknown): void => {
    const { message, remedy } = speakerNow().failure(failureOf(error));
    toast({ tone: 'bad', text: `${message} ${remedy}` });
  };
  const act: TrainViewProps['onAct'] = (what) => {
    if (id === null) return;
    if (what === 'changePlan') {
      change((before) => ({ ...before, mainJob: null, step: 'plan' }));
      onPlan();
    } else if (what === 'goOn') goOn(id).catch(tell);
    else if (what === 'cancel') {
      setIsCancelling(true);
      const stopped = (): void => setIsCancelling(false);
      offerUndo({ text: words('cancelled'), undo: stopped, commit: () => cancel(id).catch(tell).finally(stopped) });
    } else if (job !== null) actOn(what, job.id).catch(tell);
  };
  return { isCancelling, act };
}
