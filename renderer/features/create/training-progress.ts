import type { MainJobView, ParityReport } from '#contract/main-job.ts';
import type { JobView } from '#contract/jobs.ts';

/** What a person sees of a training as a whole. */
export type TrainingPhase = 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled' | 'interrupted';

export function phaseOf(view: Pick<MainJobView, 'state'>, job: Pick<JobView, 'state'> | null): TrainingPhase {
  if (view.state === 'succeeded') return 'done';
  if (view.state === 'running') return job?.state === 'paused' || job?.state === 'pausing' ? 'paused' : 'running';
  return view.state;
}

export interface TrainingActs {
  /** Id of the training job, where there is one to act on. */
  readonly job: string | null;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly canFinish: boolean;
  readonly canCancel: boolean;
  /** Goes on where it stopped. */
  readonly canGoOn: boolean;
}

/** What can be done now. Pausing and stopping early are for the training itself; the other steps are short. */
export function actsOf(view: Pick<MainJobView, 'state'>, job: Pick<JobView, 'id' | 'state'> | null): TrainingActs {
  const isLive = view.state === 'running' || view.state === 'waiting';
  const isTraining = view.state === 'running' && job?.state === 'running';
  return {
    job: job?.id ?? null,
    canPause: isTraining,
    canFinish: isTraining,
    canResume: view.state === 'running' && job?.state === 'paused',
    canCancel: isLive,
    canGoOn: ['failed', 'cancelled', 'interrupted'].includes(view.state),
  };
}

/** Share of the steps that are behind, the running one by its fraction; 0..1. Left-out steps count as behind. */
export function overallShare({ steps }: Pick<MainJobView, 'steps'>): number {
  if (steps.length === 0) return 0;
  const behind = steps.filter(({ state }) => state === 'done' || state === 'reused' || state === 'skipped').length;
  const running = steps.find(({ state }) => state === 'running');
  return (behind + Math.min(1, Math.max(0, running?.fraction ?? 0))) / steps.length;
}

export interface LossWords {
  readonly first: number;
  readonly now: number;
}

/** First and last loss that are numbers; null without any. */
export function lossRange(losses: readonly (number | null)[]): LossWords | null {
  const finite = losses.filter((loss) => loss !== null);
  const [first] = finite;
  const now = finite.at(-1);
  return first === undefined || now === undefined ? null : { first, now };
}

export type GateName = keyof ParityReport;

/** The parity gates in the order they are checked. */
export const gateNames = ['tokens', 'template', 'logits', 'greedy', 'loss'] as const satisfies readonly GateName[];

/** The tuned model's score with the interval of the difference laid around it, for the picture. */
export function tunedEstimate(
  baseScore: number,
  tunedScore: number,
  interval: readonly [number, number] | null,
): { readonly value: number; readonly low?: number; readonly high?: number } {
  if (interval === null) return { value: tunedScore };
  const within = (points: number): number => Math.min(100, Math.max(0, points));
  return { value: tunedScore, low: within(baseScore + interval[0]), high: within(baseScore + interval[1]) };
}

/** The verdict's sentence in two sizes: what it says, and what that rests on. Together they are the sentence, unchanged. */
export function verdictParts(sentence: string): { readonly head: string; readonly rest: string } {
  const cut = /^(.+?)[:;] (.+)$/s.exec(sentence);
  return cut === null ? { head: sentence, rest: '' } : { head: cut[1] ?? sentence, rest: cut[2] ?? '' };
}
