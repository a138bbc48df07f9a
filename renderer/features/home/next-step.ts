import type { ComparisonView } from '#contract/comparisons.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { shownVersion, versionName, type HomeState } from './headline.ts';

export type NextStepKind =
  | 'mend-server'
  | 'resume'
  | 'look-at-failure'
  | 'watch'
  | 'start-server'
  | 'worse'
  | 'no-difference'
  | 'compare'
  | 'use'
  | 'improve';

/** One thing worth doing next, and where it is done. */
export interface NextStep {
  readonly kind: NextStepKind;
  /** The run or version it is about, for the sentence; empty where it is about none. */
  readonly name: string;
  readonly to: string;
}

export interface Situation extends HomeState {
  readonly mainJobs: readonly MainJobView[];
  readonly comparisons: readonly ComparisonView[];
}

type Rule = (situation: Situation) => NextStep | null;

const runName = ({ name, version }: MainJobView): string => `${name}:v${version}`;
const runStep = (kind: NextStepKind, run: MainJobView | undefined): NextStep | null =>
  run === undefined ? null : { kind, name: runName(run), to: `/runs/${encodeURIComponent(run.id)}` };

/** A run is settled once a later one of the same model came through. */
function unsettled(state: MainJobView['state']): (situation: Situation) => MainJobView | undefined {
  return ({ mainJobs }) =>
    mainJobs
      .filter((run) => run.state === state)
      .filter(
        (run) =>
          !mainJobs.some(
            (other) => other.name === run.name && other.updatedAt > run.updatedAt && other.state !== 'cancelled',
          ),
      )
      .toSorted((one, other) => other.updatedAt - one.updatedAt)[0];
}

const measured = (situation: Situation, fits: (low: number, high: number) => boolean): string | null => {
  const model = shownVersion(situation);
  if (model === null || model.interval === null || !fits(...model.interval)) return null;
  return versionName(model);
};

/** In the order of what matters most; the first that applies is said. */
const rules: readonly Rule[] = [
  ({ serving }) => (serving.state === 'failed' ? { kind: 'mend-server', name: '', to: '/server' } : null),
  (situation) => runStep('resume', unsettled('interrupted')(situation)),
  (situation) => runStep('look-at-failure', unsettled('failed')(situation)),
  ({ mainJobs }) =>
    runStep(
      'watch',
      mainJobs.find(({ state }) => state === 'running'),
    ),
  (situation) => {
    const name = measured(situation, (_low, high) => high < 0);
    return name === null ? null : { kind: 'worse', name, to: '/create' };
  },
  (situation) => {
    const model = shownVersion(situation);
    if (situation.serving.running || model === null) return null;
    return { kind: 'start-server', name: versionName(model), to: '/server' };
  },
  (situation) => {
    const name = measured(situation, (low, high) => low <= 0 && high >= 0);
    return name === null ? null : { kind: 'no-difference', name, to: '/create' };
  },
  (situation) => {
    const model = shownVersion(situation);
    if (model === null || situation.comparisons.length > 0) return null;
    return { kind: 'compare', name: versionName(model), to: '/compare' };
  },
  (situation) => {
    const model = shownVersion(situation);
    if (model === null || situation.serving.requests.total > 0) return null;
    return { kind: 'use', name: versionName(model), to: '/server' };
  },
  (situation) => {
    const model = shownVersion(situation);
    return model === null ? null : { kind: 'improve', name: model.name, to: '/create' };
  },
];

/** The one suggestion of the page; null where there is nothing yet (the page then offers its three beginnings). */
export function suggestNextStep(situation: Situation): NextStep | null {
  for (const rule of rules) {
    const step = rule(situation);
    if (step !== null) return step;
  }
  return null;
}
