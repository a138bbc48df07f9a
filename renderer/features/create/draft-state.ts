import { draftSteps, type DraftStep, type MainJobDraft } from '#contract/drafts.ts';
import { mainJobRequest, suggestModelName, type MainJobRequest, type MainJobView } from '#contract/main-job.ts';

export type Draft = Omit<MainJobDraft, 'updatedAt'>;
type Wishes = Draft['request'];

/** How a step stands in the bar on top. */
export type StepState = 'done' | 'now' | 'later' | 'failed';

/** A new draft with nothing decided. */
export function newDraft(id: string): Draft {
  return { v: 1, id, step: 'data', request: {}, datasetLabel: null, mainJob: null };
}

/** The same decisions once more, free to be changed. */
export function copyOf(draft: Draft, id: string, step: DraftStep): Draft {
  return { ...draft, id, step: lockedSteps.includes(step) ? step : 'plan', mainJob: null };
}

/** Steps whose decisions are taken by the training once it has begun. */
const lockedSteps: readonly DraftStep[] = ['data', 'base', 'plan'];

/** True when the step's decisions belong to a training that has begun: they are shown, and changed in a copy. */
export function isLocked(draft: Draft, step: DraftStep): boolean {
  return draft.mainJob !== null && lockedSteps.includes(step);
}

/** The sample is chosen by a label alone: a request without `dataset` means it. A duplicated request past the first step has decided too. */
export function hasData({ request, datasetLabel, step, mainJob }: Draft): boolean {
  return request.dataset !== undefined || datasetLabel !== null || step !== 'data' || mainJob !== null;
}

/** Whether a person may stand at a step now. `job` is the draft's main job as far as it is known. */
export function canGoTo(draft: Draft, step: DraftStep, job: MainJobView | null): boolean {
  switch (step) {
    case 'data':
      return true;
    case 'base':
    case 'plan':
      return hasData(draft);
    case 'train':
      return draft.mainJob !== null;
    case 'result':
    case 'serve':
      return draft.mainJob !== null && job?.result != null;
  }
}

/** Where a link to `wished` leads: there, or to the last step before it that can be shown. */
export function reachableStep(draft: Draft, wished: string, job: MainJobView | null): DraftStep {
  const asked = draftSteps.find((step) => step === wished) ?? draft.step;
  // A reload right after the training: its result is not known yet, but the step is the person's.
  if (draft.mainJob !== null && job === null) return asked;
  const upTo = draftSteps.slice(0, draftSteps.indexOf(asked) + 1);
  return upTo.findLast((step) => canGoTo(draft, step, job)) ?? 'data';
}

/** The bar on top: what is decided, where one is, what comes. */
export function stepStates(
  draft: Draft,
  now: DraftStep,
  job: MainJobView | null,
): { readonly id: DraftStep; readonly state: StepState }[] {
  return draftSteps.map((id) => ({ id, state: id === now && !hasFailed(id, job) ? 'now' : stateOf(draft, id, job) }));
}

function hasFailed(step: DraftStep, job: MainJobView | null): boolean {
  return step === 'train' && job?.state === 'failed';
}

function stateOf(draft: Draft, step: DraftStep, job: MainJobView | null): StepState {
  if (hasFailed(step, job)) return 'failed';
  if (lockedSteps.includes(step)) return isDecided(draft, step) ? 'done' : 'later';
  const isFinished = job?.result != null;
  if (step === 'serve') return isFinished && draft.step === 'serve' ? 'done' : 'later';
  return isFinished ? 'done' : 'later';
}

function isDecided(draft: Draft, step: DraftStep): boolean {
  if (draft.mainJob !== null || draftSteps.indexOf(step) < draftSteps.indexOf(draft.step)) return true;
  return step === 'data' ? hasData(draft) : step === 'base' && draft.request.base !== undefined;
}

export interface ChosenData {
  /** Null: the shipped sample. */
  readonly path: string | null;
  readonly label: string;
}

/** Other data: what was decided about the old file's columns and rows goes with it, everything else stays. */
export function withData(draft: Draft, { path, label }: ChosenData): Draft {
  const { dataset, mapping: _mapping, heldOutRows: _rows, systemPrompt: _prompt, ...rest } = draft.request;
  const isSame = dataset === (path ?? undefined) && draft.datasetLabel === label;
  if (isSame) return draft;
  const name = rest.name === suggestedName(draft) ? {} : pick('name', rest.name);
  const { name: _old, ...others } = rest;
  const request: Wishes = { ...others, ...name, ...(path === null ? {} : { dataset: path }) };
  return { ...draft, request, datasetLabel: label.slice(0, 500) };
}

/** A name from what the data is called: `Tickets März.csv` gives `tickets-marz`. */
export function suggestedName({ datasetLabel }: Pick<Draft, 'datasetLabel'>): string {
  const label = (datasetLabel ?? '').split(/[\\/]/).at(-1) ?? '';
  return suggestModelName(label.replace(/@[\w.-]+$/, '').replace(/\.(jsonl|ndjson|json|csv|tsv|txt)$/i, ''));
}

/** Sets or, with undefined, takes back single wishes. */
export function withWishes(draft: Draft, changes: { readonly [K in keyof Wishes]?: Wishes[K] | undefined }): Draft {
  const entries = Object.entries({ ...draft.request, ...changes }).filter(([, value]) => value !== undefined);
  return { ...draft, request: Object.fromEntries(entries) as Wishes };
}

/** What the engine is asked for; the name is the suggested one unless the person gave one. */
export function requestOf(draft: Draft): MainJobRequest {
  return mainJobRequest.parse({ ...draft.request, name: draft.request.name ?? suggestedName(draft) });
}

function pick<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
