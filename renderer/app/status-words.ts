import type { MainJobStepView, MainJobView } from '#contract/main-job.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { shownModel } from '#contract/shown-model.ts';

type ServingWord =
  | 'serverStopped'
  | 'serverStarting'
  | 'serverServing'
  | 'serverServingNone'
  | 'serverBusy'
  | 'serverStopping'
  | 'serverFailed';

const wordByState = {
  stopped: 'serverStopped',
  starting: 'serverStarting',
  serving: 'serverServing',
  busy: 'serverBusy',
  stopping: 'serverStopping',
  failed: 'serverFailed',
} as const satisfies Record<ServingView['state'], ServingWord>;

/** The same word in the status bar and on the server's page. */
export function servingWord(serving: Pick<ServingView, 'state' | 'servers' | 'families'>): ServingWord {
  const word = wordByState[serving.state];
  return word === 'serverServing' && shownModel(serving) === null ? 'serverServingNone' : word;
}

/** The step a person waits for. */
export function currentStep({ steps }: Pick<MainJobView, 'steps'>): MainJobStepView | undefined {
  return steps.find(({ state }) => state === 'running') ?? steps.findLast(({ state }) => state === 'done');
}
