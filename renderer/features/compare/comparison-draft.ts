import {
  comparisonLimits,
  comparisonSettings,
  type ComparedModel,
  type ComparisonRequest,
  type ComparisonSettings,
  type CostEstimate,
  type PromptSet,
} from '#contract/comparisons.ts';
import { modelKey } from './compared-models.ts';

export const promptSources = ['prompt', 'lines', 'file', 'held-out'] as const;
export type PromptSource = (typeof promptSources)[number];

/** What a person has put together for a new comparison; every source keeps its own input. */
export interface ComparisonDraft {
  readonly models: readonly ComparedModel[];
  readonly source: PromptSource;
  readonly prompt: string;
  readonly lines: string;
  readonly path: string;
  readonly mainJob: string | null;
  /** Prompts taken from a file or from held-out rows, 1..2000. */
  readonly limit: number;
  readonly settings: ComparisonSettings;
}

export const emptyDraft: ComparisonDraft = {
  models: [],
  source: 'prompt',
  prompt: '',
  lines: '',
  path: '',
  mainJob: null,
  limit: 50,
  settings: comparisonSettings.parse({}),
};

/** What is still missing, or too much. */
export type DraftObstacle =
  'too-few-models' | 'no-prompt' | 'prompt-too-long' | 'no-lines' | 'too-many-lines' | 'no-file' | 'no-main-job';

export type DraftOutcome =
  | { readonly kind: 'ready'; readonly request: ComparisonRequest }
  | { readonly kind: 'obstacle'; readonly obstacle: DraftObstacle };

/** The request of a draft, or the first thing that keeps it from being one. */
export function requestOf(draft: ComparisonDraft): DraftOutcome {
  if (draft.models.length < 2) return { kind: 'obstacle', obstacle: 'too-few-models' };
  const prompts = promptsOf(draft);
  if (typeof prompts === 'string') return { kind: 'obstacle', obstacle: prompts };
  return { kind: 'ready', request: { models: [...draft.models], settings: draft.settings, prompts } };
}

function promptsOf(draft: ComparisonDraft): PromptSet | DraftObstacle {
  switch (draft.source) {
    case 'prompt':
      return typed([draft.prompt].filter(isWritten), 'no-prompt');
    case 'lines':
      return typed(linesOf(draft.lines), 'no-lines');
    case 'file':
      return isWritten(draft.path) ? { kind: 'dataset', path: draft.path.trim(), limit: draft.limit } : 'no-file';
    case 'held-out':
      return draft.mainJob === null ? 'no-main-job' : { kind: 'held-out', mainJob: draft.mainJob, limit: draft.limit };
  }
}

function typed(prompts: string[], whenEmpty: DraftObstacle): PromptSet | DraftObstacle {
  if (prompts.length === 0) return whenEmpty;
  if (prompts.length > comparisonLimits.prompts) return 'too-many-lines';
  return prompts.some((prompt) => prompt.length > comparisonLimits.promptCharacters)
    ? 'prompt-too-long'
    : { kind: 'typed', prompts };
}

const isWritten = (text: string): boolean => text.trim() !== '';

/** One prompt a line; empty lines are none. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(isWritten);
}

/** Adds or takes away a model; a fifth is not taken. */
export function toggleModel(models: readonly ComparedModel[], model: ComparedModel): readonly ComparedModel[] {
  const key = modelKey(model);
  const others = models.filter((other) => modelKey(other) !== key);
  if (others.length < models.length) return others;
  return models.length >= comparisonLimits.panes ? models : [...models, model];
}

/** The most a comparison may cost without a limit having been set, in US dollars. */
export const freeUsd = 1;

/** `over-cap` and `unknown` and `needs-cap` keep the comparison from starting; a limit in dollars mends the last two. */
export type CostJudgement = 'fine' | 'over-cap' | 'unknown' | 'needs-cap';

export function judgeCost({ usdAtMost }: Pick<CostEstimate, 'usdAtMost'>, capUsd: number | null): CostJudgement {
  if (usdAtMost === null) return capUsd === null ? 'unknown' : 'fine';
  if (capUsd !== null) return usdAtMost > capUsd ? 'over-cap' : 'fine';
  return usdAtMost > freeUsd ? 'needs-cap' : 'fine';
}
