import { bestCheckpoint } from './run-figures.ts';
import type { RunFacts } from './run-recorder.ts';
import { stateWord, type RunSubject } from './selectors.ts';
import { speakerNow } from '../../words/speaker.ts';

export type StopKind =
  | 'completed'
  | 'earlyStop'
  | 'earlyStopBest'
  | 'timeBudget'
  | 'stopRequested'
  | 'failed'
  | 'cancelled'
  | 'interrupted'
  | 'paused'
  | 'other';

/** Why training is no longer going on: a key of the feature's words and what fills it. */
export interface StopReason {
  readonly kind: StopKind;
  readonly step: number;
  readonly best: { readonly step: number; readonly loss: number } | null;
  /** The engine's or the worker's own sentences, shown as they are. */
  readonly text: string;
  readonly remedy: string;
}

const kindOfReason: Readonly<Record<string, StopKind>> = {
  completed: 'completed',
  'early-stop': 'earlyStop',
  'time-budget': 'timeBudget',
  'stop-requested': 'stopRequested',
};

/** Null while a run waits or goes on. */
export function whyStopped(subject: RunSubject, facts: RunFacts): StopReason | null {
  const { mainJob, worker } = subject;
  const checkpoint = bestCheckpoint(facts);
  const loss = checkpoint?.validationLoss ?? null;
  const best = checkpoint === null || loss === null ? null : { step: checkpoint.step, loss };
  const reason = (kind: StopKind, text = '', remedy = ''): StopReason => ({
    kind,
    step: facts.step ?? worker?.step ?? 0,
    best,
    text,
    remedy,
  });
  const state = stateWord(subject);
  if (state === 'failed') {
    const failure = mainJob?.failure ?? null;
    if (failure !== null) {
      const { message, remedy } = speakerNow().failure(failure);
      return reason('failed', message, remedy);
    }
    const told = worker?.failure ?? facts.failed;
    return reason('failed', speakerNow().say(told?.message ?? ''), speakerNow().say(told?.hint ?? ''));
  }
  if (state === 'cancelled' || state === 'interrupted' || state === 'paused') return reason(state);
  if (facts.done === null) return null;
  const kind = kindOfReason[facts.done.reason] ?? 'other';
  if (kind === 'earlyStop' && best !== null) return reason('earlyStopBest');
  return reason(kind, kind === 'other' ? facts.done.reason : '');
}
