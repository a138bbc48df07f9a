import type { ScoringSpec } from '#contract/evaluation.ts';
import { parseJsonObject } from './json-answer.ts';

/** Share of the answers that must have the form for it to count as the form of the data set. */
const nearlyAll = 0.95;
const maximumLabelWords = 5;
const maximumLabelCharacters = 60;
const maximumLabels = 50;

/** Labels differ in case and outer spaces without meaning anything. */
export function foldLabel(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

function commonFields(answers: readonly string[]): string[] | undefined {
  const objects = answers.map(parseJsonObject);
  const byKeys = Map.groupBy(
    objects.filter((object) => object !== undefined && object.size > 0),
    (object) => JSON.stringify([...(object?.keys() ?? [])].toSorted()),
  );
  const most = [...byKeys.values()].toSorted((a, b) => b.length - a.length)[0];
  if (most === undefined || most.length < answers.length * nearlyAll) return undefined;
  return [...(most[0]?.keys() ?? [])];
}

function isShort(answer: string): boolean {
  const text = answer.trim();
  return (
    text.length <= maximumLabelCharacters && text.split(/\s+/).length <= maximumLabelWords && !text.startsWith('{')
  );
}

function commonLabels(answers: readonly string[]): string[] | undefined {
  const labels = new Set(answers.map(foldLabel));
  const short = answers.filter(isShort).length;
  const few = labels.size <= Math.min(maximumLabels, Math.max(2, answers.length / 4));
  return few && short >= answers.length * nearlyAll ? [...labels].toSorted() : undefined;
}

/**
 * How answers of this data set are scored: JSON objects with the same keys in nearly all rows (>= 95 %) by field; short labels (at most five words,
 * few different ones) right or wrong; everything else as text. Always one of the three: nothing is left unscored.
 * `answers` are the expected ones of the whole data set.
 */
export function detectScoring(answers: readonly string[]): ScoringSpec {
  if (answers.length === 0) return { kind: 'text' };
  const fields = commonFields(answers);
  if (fields !== undefined) return { kind: 'json-fields', fields };
  const labels = commonLabels(answers);
  return labels === undefined ? { kind: 'text' } : { kind: 'exact', labels };
}
