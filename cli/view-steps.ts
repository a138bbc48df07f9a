import { z } from 'zod';
import { viewStep, type ViewStep } from '#contract/dataset-versions.ts';
import { usageFailure } from './failure.ts';
import { nearestWord } from './nearest-word.ts';

/** How each short form reads its value; null for one that it cannot be. */
const readers: Readonly<Record<string, (value: string) => unknown>> = {
  'min-chars': (value) => lengthStep('characters', value, null),
  'max-chars': (value) => lengthStep('characters', null, value),
  'min-tokens': (value) => lengthStep('tokens', value, null),
  'max-tokens': (value) => lengthStep('tokens', null, value),
  code: (wants) => ({ kind: 'code', wants: wants || 'present' }),
  language: (codes) => ({ kind: 'language', keep: listOf(codes) }),
  match: (pattern) => ({ kind: 'regex', pattern, place: 'whole', keepMatches: true }),
  'no-match': (pattern) => ({ kind: 'regex', pattern, place: 'whole', keepMatches: false }),
  banned: (phrases) => ({ kind: 'banned', phrases: listOf(phrases) }),
  refusal: () => ({ kind: 'refusal' }),
  echo: (above) => ({ kind: 'echo', above: above === '' ? 0.5 : Number(above) }),
  quality: (below) => ({ kind: 'quality', below: below === '' ? 0.5 : Number(below) }),
  exact: (over) => ({ kind: 'exact-duplicates', over: over || 'both' }),
  near: (threshold) => ({
    kind: 'near-duplicates',
    threshold: threshold === '' ? 0.8 : Number(threshold),
    keep: 'longest',
  }),
  pii: (action) => ({ kind: 'pii', action: action || 'mask', kinds: ['all'] }),
  contamination: (action) => ({ kind: 'contamination', action: action || 'drop' }),
  eligible: (providers) => ({ kind: 'eligible', acceptedProviders: listOf(providers) }),
};

/** `script` is not read here: what it names is asked of the engine (`script-step.ts`). */
export const stepNames: readonly string[] = [...Object.keys(readers), 'script'];

function lengthStep(unit: 'characters' | 'tokens', minimum: string | null, maximum: string | null): unknown {
  const read = (text: string | null): number | null => (text === null ? null : Number(text === '' ? NaN : text));
  return { kind: 'length', place: 'answer', unit, minimum: read(minimum), maximum: read(maximum) };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `refusal`, `near=0.8`, `language=en,de`: one step as it is written after `--step`. */
export function stepOf(text: string): ViewStep {
  const [, name = '', value = ''] = /^([^=]*)(?:=([\s\S]*))?$/.exec(text.trim()) ?? [];
  const read = readers[name];
  if (read === undefined) {
    const near = nearestWord(name, stepNames);
    throw usageFailure(
      `--step is ${text}, which is no step.${near === null ? '' : ` Did you mean ${near}?`}`,
      `One of: ${stepNames.join(', ')}; with a value: near=0.8.`,
    );
  }
  const step = viewStep.safeParse(read(value));
  if (step.success) return step.data;
  throw usageFailure(
    `--step ${text} has a value that it cannot have.`,
    'For example: min-chars=100, near=0.8, language=en,de, pii=mask.',
  );
}

/** Steps in a file: a JSON list, as `version.json` keeps them under `recipe.steps`. */
export function stepsOfFile(text: string, file: string): ViewStep[] {
  try {
    return z.array(viewStep).max(50).parse(JSON.parse(text));
  } catch (error) {
    const isJson = !(error instanceof SyntaxError);
    const where = error instanceof z.ZodError ? ` at ${error.issues[0]?.path.join('.') ?? ''}` : '';
    throw usageFailure(
      isJson ? `${file} is no list of steps${where}.` : `${file} is not JSON.`,
      'Write a JSON list of steps, as they stand in a version under recipe.steps.',
    );
  }
}
