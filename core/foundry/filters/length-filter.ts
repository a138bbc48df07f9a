import type { ViewStep } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { hasPlace, textAt } from './row-place.ts';
import { dropFor, keep, plainFilter, type FilterVerdict, type RowFilter } from './row-filter.ts';

export type LengthStep = Extract<ViewStep, { kind: 'length' }>;

/** What a step measures of a row; null where the row has no such part, and is not judged. */
export function measuredText(row: CanonicalRow, place: LengthStep['place']): string | null {
  return hasPlace(row, place) ? textAt(row, place) : null;
}

interface Sentences {
  readonly below: 'filter.too-short' | 'filter.too-few-tokens' | 'filter.fewer-tokens';
  readonly above: 'filter.too-long' | 'filter.too-many-tokens' | 'filter.more-tokens';
}

const inCharacters: Sentences = { below: 'filter.too-short', above: 'filter.too-long' };
const inEstimatedTokens: Sentences = { below: 'filter.too-few-tokens', above: 'filter.too-many-tokens' };
const inTokens: Sentences = { below: 'filter.fewer-tokens', above: 'filter.more-tokens' };

function verdictOf(count: number, { minimum, maximum, base }: LengthStep, { below, above }: Sentences): FilterVerdict {
  const by = { base: base ?? '' };
  if (minimum !== null && count < minimum) return dropFor(say(below, { count, minimum, ...by }));
  if (maximum !== null && count > maximum) return dropFor(say(above, { count, maximum, ...by }));
  return keep;
}

/** Lengths in characters, and in tokens as they are estimated by characters. */
export function lengthFilter(step: LengthStep): RowFilter {
  const isCharacters = step.unit === 'characters';
  const estimated = { ...step, base: null };
  return plainFilter((row) => {
    const text = measuredText(row, step.place);
    if (text === null) return keep;
    const count = isCharacters ? text.length : estimateTokens(text);
    return verdictOf(count, estimated, isCharacters ? inCharacters : inEstimatedTokens);
  });
}

/** The verdict on a row whose tokens were counted by the tokenizer of the step's base. */
export function tokenVerdict(row: CanonicalRow, step: LengthStep, tokens: number): FilterVerdict {
  return hasPlace(row, step.place) ? verdictOf(tokens, step, inTokens) : keep;
}
