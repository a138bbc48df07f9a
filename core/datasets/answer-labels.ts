import { detectScoring, foldLabel } from '../evaluation/detect-scoring.ts';
import { canonicalValue, parseJsonObject } from '../evaluation/json-answer.ts';

/** A field with more different values than this says nothing about balance. */
const maximumValues = 20;

function fieldLabels(fields: readonly string[], answers: readonly string[]): string[][] {
  const objects = answers.map(parseJsonObject);
  const valuesOf = (field: string): (string | undefined)[] =>
    objects.map((object) => (object?.has(field) === true ? canonicalValue(object.get(field)) : undefined));
  const columns = fields
    .map((field) => ({ field, values: valuesOf(field) }))
    .filter(({ values }) => new Set(values).size <= maximumValues);
  return answers.map((_, index) => columns.flatMap(({ field, values }) => `${field}=${values[index] ?? 'missing'}`));
}

/** The labels each answer stands for, for keeping their shares alike in every part: fields of JSON answers, or short labels; else none. */
export function answerLabels(answers: readonly string[]): string[][] {
  const scoring = detectScoring(answers);
  if (scoring.kind === 'json-fields') return fieldLabels(scoring.fields, answers);
  return answers.map((answer) => (scoring.kind === 'exact' ? [foldLabel(answer)] : []));
}
