import type { JobView } from '#contract/jobs.ts';
import type { MainJobStepView, MainJobView } from '#contract/main-job.ts';

/** One word for how a run stands; a pause of its worker counts as the run's. */
export type RunStateWord =
  'waiting' | 'running' | 'pausing' | 'paused' | 'stopping' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';

export type RunTone = 'neutral' | 'good' | 'warn' | 'bad' | 'info' | 'accent';

export const toneOfState = {
  waiting: 'neutral',
  running: 'accent',
  pausing: 'warn',
  paused: 'warn',
  stopping: 'warn',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  interrupted: 'warn',
} as const satisfies Record<RunStateWord, RunTone>;

const wordOfWorker = {
  queued: 'waiting',
  preparing: 'running',
  running: 'running',
  pausing: 'pausing',
  paused: 'paused',
  stopping: 'stopping',
  finishing: 'running',
  interrupted: 'interrupted',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<JobView['state'], RunStateWord>;

const pausesOfWorker: readonly JobView['state'][] = ['pausing', 'paused', 'stopping', 'interrupted'];

export interface RunSubject {
  /** Null for a worker job that no main job has started. */
  readonly mainJob: MainJobView | null;
  /** The worker that trains, or that works now; null before there is one. */
  readonly worker: JobView | null;
}

export function stateWord({ mainJob, worker }: RunSubject): RunStateWord {
  if (mainJob === null) return worker === null ? 'waiting' : wordOfWorker[worker.state];
  if (mainJob.state !== 'running') return mainJob.state;
  return worker !== null && pausesOfWorker.includes(worker.state) ? wordOfWorker[worker.state] : 'running';
}

/** What a person can do with a run as it stands, in the order in which it is offered. */
export const runActions = ['pause', 'resume', 'finish', 'cancel', 'goOn', 'duplicate', 'remove'] as const;
export type RunAction = (typeof runActions)[number];

export function allowedActions(subject: RunSubject): ReadonlySet<RunAction> {
  const { mainJob, worker } = subject;
  const state = stateWord(subject);
  const isOver = state === 'succeeded' || state === 'failed' || state === 'cancelled';
  const isStopped = mainJob === null ? false : mainJob.state === 'interrupted';
  const isHeld = !isStopped && (state === 'paused' || state === 'interrupted');
  const allowed: Record<RunAction, boolean> = {
    pause: worker?.state === 'running',
    resume: isHeld && worker !== null,
    finish: worker?.kind === 'train' && worker.state === 'running',
    cancel: !isOver && !isStopped && state !== 'stopping',
    goOn: isStopped || state === 'failed' || state === 'cancelled',
    duplicate: mainJob !== null,
    remove: mainJob !== null && (isOver || isStopped || mainJob.state === 'waiting'),
  };
  return new Set(runActions.filter((action) => allowed[action]));
}

/** The step a person waits for, else the last that was done. */
export function currentStep({ steps, state }: Pick<MainJobView, 'steps' | 'state'>): MainJobStepView | null {
  const running = steps.find((step) => step.state === 'running');
  if (running !== undefined) return running;
  const stopped = steps.find((step) => step.state === 'failed' || step.state === 'interrupted');
  if (state !== 'succeeded' && stopped !== undefined) return stopped;
  return steps.findLast((step) => step.state === 'done' || step.state === 'reused') ?? null;
}

const restingStates: readonly RunStateWord[] = ['pausing', 'paused', 'stopping'];

/** What the current step says; empty where the state's own word says it already. */
export function stepSentence(subject: RunSubject): string {
  if (subject.mainJob === null || restingStates.includes(stateWord(subject))) return '';
  return currentStep(subject.mainJob)?.text ?? '';
}

/** The worker job whose curves a run shows: its training, before that the worker that runs now or that ended it. */
export function curveJob({ steps }: Pick<MainJobView, 'steps'>): string | null {
  const training = steps.find(({ step }) => step === 'train')?.job ?? null;
  const stopped = steps.find(({ state, job }) => job !== null && (state === 'failed' || state === 'interrupted'));
  return training ?? steps.find(({ state, job }) => state === 'running' && job !== null)?.job ?? stopped?.job ?? null;
}

export interface RunLists {
  readonly running: readonly MainJobView[];
  /** In the order in which they will run. */
  readonly waiting: readonly MainJobView[];
  /** Newest first. */
  readonly finished: readonly MainJobView[];
}

export interface RunFilter {
  readonly text: string;
  readonly state: 'all' | 'succeeded' | 'failed' | 'stopped';
}

export const noFilter: RunFilter = { text: '', state: 'all' };

export function runLists(mainJobs: Iterable<MainJobView>, hidden: ReadonlySet<string>, filter: RunFilter): RunLists {
  const seen = [...mainJobs].filter((view) => !hidden.has(view.id) && matches(view, filter.text));
  return {
    running: seen.filter(({ state }) => state === 'running'),
    waiting: seen.filter(({ state }) => state === 'waiting').sort(byPosition),
    finished: seen
      .filter(({ state }) => state !== 'running' && state !== 'waiting' && isOfState(state, filter.state))
      .sort((one, other) => other.updatedAt - one.updatedAt),
  };
}

function byPosition(one: MainJobView, other: MainJobView): number {
  const [left, right] = [one.queuePosition ?? Infinity, other.queuePosition ?? Infinity];
  return left === right ? one.createdAt - other.createdAt : left - right;
}

function matches({ name, version, request, result }: MainJobView, text: string): boolean {
  const sought = text.trim().toLowerCase();
  if (sought === '') return true;
  return [`${name}:v${version}`, request.base, request.dataset, result?.base].some(
    (part) => part?.toLowerCase().includes(sought) === true,
  );
}

function isOfState(state: MainJobView['state'], wanted: RunFilter['state']): boolean {
  if (wanted === 'all') return true;
  return wanted === 'stopped' ? state === 'cancelled' || state === 'interrupted' : state === wanted;
}

/**
 * Before which run the moved one must stand after it was moved by `offset` places in the queue; `unchanged` at the ends, null for last.
 */
export function placeAfterMove(
  waiting: readonly { readonly id: string }[],
  id: string,
  offset: number,
): string | null | 'unchanged' {
  const index = waiting.findIndex((view) => view.id === id);
  const target = Math.min(waiting.length - 1, Math.max(0, index + offset));
  if (index < 0 || target === index) return 'unchanged';
  const others = waiting.filter((view) => view.id !== id);
  return others[target]?.id ?? null;
}

/** The order that is shown at once, before the engine has answered. */
export function movedBefore<T extends { readonly id: string }>(
  waiting: readonly T[],
  id: string,
  before: string | null,
): readonly T[] {
  const moved = waiting.find((view) => view.id === id);
  if (moved === undefined || before === id) return waiting;
  const others = waiting.filter((view) => view.id !== id);
  const index = before === null ? others.length : others.findIndex((view) => view.id === before);
  return index < 0 ? waiting : others.toSpliced(index, 0, moved);
}
