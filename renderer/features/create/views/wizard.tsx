import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { DraftStep } from '#contract/drafts.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Stepper } from '../../../ui/stepper.tsx';
import { useBaseWords } from '../base-words.ts';
import { consequencesOf } from '../consequences.ts';
import { useCreateWords } from '../create-words.ts';
import { createDataStore } from '../data-store.ts';
import { useDataWords } from '../data-words.ts';
import { canGoTo, hasData, isLocked, reachableStep, requestOf, stepStates, type Draft } from '../draft-state.ts';
import { createDraftsStore } from '../drafts-store.ts';
import { createPlanStore } from '../plan-store.ts';
import { usePlanWords } from '../plan-words.ts';
import { createTrainingStore } from '../training-store.ts';
import { BaseStep } from './base-step.tsx';
import { Consequence } from './consequence.tsx';
import { DataStep } from './data-step.tsx';
import { LetDropsFall } from './window-drop.ts';
import { LockedStep } from './locked-step.tsx';
import { PlanStep } from './plan-step.tsx';
import { ResultStep } from './result-step.tsx';
import { ServeStep } from './serve-step.tsx';
import { Said } from '../../../words/said.tsx';
import styles from './step-frame.module.css';
import { TrainStep } from './train-step.tsx';

export interface WizardProps {
  readonly id: string;
  /** As the address has it. */
  readonly wished: string;
}

/** One draft, at one of its steps. */
export function Wizard({ id, wished }: WizardProps) {
  const words = useCreateWords();
  const draft = useStoreOf(createDraftsStore, (state) => state.draft);
  const isMissing = useStoreOf(createDraftsStore, (state) => state.isMissing);
  const failure = useStoreOf(createDraftsStore, (state) => state.failure);
  const open = useStoreOf(createDraftsStore, (state) => state.open);
  useKeeping(id);
  if (isMissing) {
    const start = <LinkButton to="/create">{words('title')}</LinkButton>;
    return (
      <Page title={words('title')}>
        <EmptyState title={words('missingTitle')} text={words('missingText')} actions={start} />
      </Page>
    );
  }
  const isOpen = draft?.id === id;
  return (
    <Page
      title={words('title')}
      subtitle={isOpen && draft.datasetLabel !== null ? <Said text={draft.datasetLabel} /> : null}
      layout="fill"
    >
      {!isOpen && failure !== null && <ErrorNotice failure={failure} onRetry={() => void open(id)} />}
      {!isOpen && failure === null && <Skeleton lines={8} height={2} />}
      {isOpen && <OpenDraft draft={draft} wished={wished} />}
    </Page>
  );
}

/** Opens the draft, and writes what waits when the page or the window is left. */
function useKeeping(id: string): void {
  const open = useStoreOf(createDraftsStore, (state) => state.open);
  const flush = useStoreOf(createDraftsStore, (state) => state.flush);
  useEffect(() => void open(id), [open, id]);
  useEffect(() => {
    const leave = (): void => void flush();
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [flush]);
}

function OpenDraft({ draft, wished }: { readonly draft: Draft; readonly wished: string }) {
  const words = useCreateWords();
  const job = useMainJob(draft.mainJob);
  const go = useGo(draft.id);
  const step = useStep(draft, wished, job);
  usePlanning(draft);
  const names = {
    data: words('stepData'),
    base: words('stepBase'),
    plan: words('stepPlan'),
    train: words('stepTrain'),
    result: words('stepResult'),
    serve: words('stepServe'),
  };
  return (
    <div className={styles['wizard']}>
      <Stepper
        label={words('title')}
        shown={step}
        steps={stepStates(draft, step, job).map(({ id, state }) => ({ id, state, label: names[id] }))}
        onGo={(wanted) => canGoTo(draft, wanted, job) && go(wanted)}
      />
      {(step !== 'data' || isLocked(draft, step)) && <LetDropsFall />}
      <StepOf key={step} step={step} draft={draft} onGo={go} />
    </div>
  );
}

function useGo(id: string): (step: DraftStep) => void {
  const navigate = useNavigate();
  return (step) => void navigate({ to: '/create/$draft/$step', params: { draft: id, step } });
}

function useMainJob(id: string | null): MainJobView | null {
  const watch = useStoreOf(createTrainingStore, (state) => state.watch);
  const view = useStoreOf(createTrainingStore, (state) => state.view);
  useEffect(() => (id === null ? undefined : watch(id)), [id, watch]);
  return id === null || view?.id !== id ? null : view;
}

/** The step that can be shown; the address and the draft follow it. */
function useStep(draft: Draft, wished: string, job: MainJobView | null): DraftStep {
  const navigate = useNavigate();
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const step = reachableStep(draft, wished, job);
  const { id } = draft;
  useEffect(() => {
    if (step !== wished) void navigate({ to: '/create/$draft/$step', params: { draft: id, step }, replace: true });
    change((before) => (before.step === step ? before : { ...before, step }));
  }, [step, wished, id, navigate, change]);
  return step;
}

/** A change waits this long for the next one before the plan is made anew. */
const planDelayMs = 200;

/** Keeps the plan in step with the decisions. */
function usePlanning(draft: Draft): void {
  const plan = useStoreOf(createPlanStore, (state) => state.plan);
  const loadBases = useStoreOf(createPlanStore, (state) => state.loadBases);
  const loadVersions = useStoreOf(createPlanStore, (state) => state.loadVersions);
  const loadKnown = useStoreOf(createDataStore, (state) => state.loadKnown);
  const isOpen = draft.mainJob === null;
  const key = isOpen && hasData(draft) ? JSON.stringify(requestOf(draft)) : null;
  useEffect(() => {
    if (key === null) return;
    const timer = setTimeout(() => void plan(JSON.parse(key) as ReturnType<typeof requestOf>), planDelayMs);
    return () => clearTimeout(timer);
  }, [key, plan]);
  useEffect(() => {
    if (!isOpen) return;
    void loadKnown();
    void loadBases();
    // Only for the remark "this becomes version 3": without it nothing is lost.
    loadVersions().catch((error: unknown) => console.warn('The versions could not be listed.', error));
  }, [isOpen, loadKnown, loadBases, loadVersions]);
}

interface StepOfProps {
  readonly step: DraftStep;
  readonly draft: Draft;
  readonly onGo: (step: DraftStep) => void;
}

function StepOf({ step, draft, onGo }: StepOfProps) {
  const saving = useStoreOf(createDraftsStore, (state) => state.saving);
  const inspection = useStoreOf(createDataStore, (state) => state.inspection);
  const preview = useStoreOf(createPlanStore, (state) => state.preview);
  const isReading = hasData(draft) && (inspection.isLoading || preview.isLoading);
  const isReadable = hasData(draft) && inspection.failure === null;
  const facts = consequencesOf(isReadable ? inspection.value : null, isReadable ? preview.value : null);
  const props = { draft, saving, onGo, consequence: <Consequence facts={facts} isLoading={isReading} /> };
  if (isLocked(draft, step)) return <Locked {...props} step={step} />;
  switch (step) {
    case 'data':
      return <DataStep {...props} />;
    case 'base':
      return <BaseStep {...props} />;
    case 'plan':
      return <PlanStep {...props} />;
    case 'train':
      return <TrainStep {...props} />;
    case 'result':
      return <ResultStep {...props} />;
    case 'serve':
      return <ServeStep {...props} />;
  }
}

function Locked({ step, draft, onGo }: StepOfProps) {
  const navigate = useNavigate();
  const copy = useStoreOf(createDraftsStore, (state) => state.copy);
  const titles = { data: useDataWords()('title'), base: useBaseWords()('title'), plan: usePlanWords()('title') };
  const take = (): void => {
    const id = copy(step);
    if (id !== null) void navigate({ to: '/create/$draft/$step', params: { draft: id, step } });
  };
  const title = step === 'data' || step === 'base' || step === 'plan' ? titles[step] : '';
  return <LockedStep draft={draft} title={title} onCopy={take} onGo={onGo} />;
}
