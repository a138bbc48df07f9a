import { piiKinds } from '#contract/dataset-checks.ts';
import type { StepOutcome, ViewStep } from '#contract/dataset-versions.ts';

export type StepKind = ViewStep['kind'];

/** Kinds that a person adds here, in the order in which they usually stand. Scripts have a place of their own. */
export const offeredKinds = [
  'length',
  'language',
  'code',
  'refusal',
  'echo',
  'quality',
  'banned',
  'regex',
  'exact-duplicates',
  'near-duplicates',
  'pii',
  'contamination',
  'eligible',
] as const satisfies readonly StepKind[];
export type OfferedKind = (typeof offeredKinds)[number];

/** A step as it is added: with the values that suit most data. */
export function usualStep(kind: OfferedKind): ViewStep {
  switch (kind) {
    case 'length':
      return { kind, place: 'answer', unit: 'characters', minimum: 100, maximum: null };
    case 'language':
      return { kind, keep: ['en'] };
    case 'code':
      return { kind, wants: 'present' };
    case 'refusal':
      return { kind };
    case 'echo':
      return { kind, above: 0.6 };
    case 'quality':
      return { kind, below: 0.3 };
    case 'banned':
      return { kind, phrases: ['as an AI language model'] };
    case 'regex':
      return { kind, pattern: 'https?://', place: 'answer', keepMatches: false };
    case 'exact-duplicates':
      return { kind, over: 'both' };
    case 'near-duplicates':
      return { kind, threshold: 0.8, keep: 'longest' };
    case 'pii':
      return { kind, action: 'mask', kinds: [...piiKinds] };
    case 'contamination':
      return { kind, action: 'drop' };
    case 'eligible':
      return { kind, acceptedProviders: [] };
  }
}

/** A step in the list, with a key that stays with it while it moves. */
export interface ListedStep {
  readonly key: string;
  readonly step: ViewStep;
  /** Switched off: it stays in the list and does nothing. */
  readonly isOn: boolean;
}

export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  if (from === to || from < 0 || to < 0 || from >= list.length || to >= list.length) return list;
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, ...list.slice(from, from + 1));
}

/** A list with steps put before it; those that stand in it already, with the same values, are not doubled. */
export function withSteps(list: readonly ListedStep[], steps: readonly ViewStep[]): readonly ListedStep[] {
  const there = new Set(list.map(({ step }) => JSON.stringify(step)));
  const added = steps.filter((step) => !there.has(JSON.stringify(step)));
  return [...added.map((step) => ({ key: crypto.randomUUID(), step, isOn: true })), ...list];
}

/** What is sent: the steps that are on, in order. */
export function stepsOn(list: readonly ListedStep[]): readonly ViewStep[] {
  return list.filter(({ isOn }) => isOn).map(({ step }) => step);
}

/** The outcome of each listed step; null for those that are off and where nothing was counted for these steps. */
export function outcomesFor(
  list: readonly ListedStep[],
  counted: { readonly steps: readonly ViewStep[]; readonly outcomes: readonly StepOutcome[] } | null,
): readonly (StepOutcome | null)[] {
  const isOfThese = counted !== null && JSON.stringify(counted.steps) === JSON.stringify(stepsOn(list));
  let next = 0;
  return list.map(({ isOn }) => {
    if (!isOn || !isOfThese) return null;
    next += 1;
    return counted.outcomes[next - 1] ?? null;
  });
}

/** Whether the values of a step are such that it can be counted. */
export function isComplete(step: ViewStep): boolean {
  switch (step.kind) {
    case 'length':
      return step.minimum !== null || step.maximum !== null;
    case 'language':
      return step.keep.length > 0 && step.keep.every((code) => /^[a-z]{2,3}$/.test(code));
    case 'banned':
      return step.phrases.length > 0;
    case 'regex':
      return isPattern(step.pattern);
    case 'pii':
      return step.kinds.length > 0;
    default:
      return true;
  }
}

function isPattern(pattern: string): boolean {
  if (pattern === '') return false;
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
