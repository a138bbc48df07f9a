import type { RowScore, ScoreSummary, ScoringSpec } from '#contract/evaluation.ts';
import { foldLabel } from './detect-scoring.ts';
import { canonicalValue, findJsonObject, parseJsonObject } from './json-answer.ts';
import { wilsonInterval } from './proportion.ts';
import { chrF, tokenF1 } from './text-scores.ts';
import { mean } from './mean.ts';

/** Free text is compared up to here, so that a rambling answer costs no time. */
const comparedCharacters = 20_000;

function scoreFields(fields: readonly string[], answer: string, expected: string): RowScore {
  const wanted = parseJsonObject(expected);
  if (wanted === undefined) return scoreExact([], answer, expected);
  const found = findJsonObject(answer);
  const counted = fields.filter((field) => wanted.has(field));
  const asked = counted.length === 0 ? [...wanted.keys()] : counted;
  const parts = Object.fromEntries(
    asked.map((field) => {
      const right =
        found?.has(field) === true && canonicalValue(found.get(field)) === canonicalValue(wanted.get(field));
      return [field, right ? 100 : 0];
    }),
  );
  const right = Object.values(parts).filter((points) => points === 100).length;
  return { points: (100 * right) / asked.length, valid: found !== undefined, allRight: right === asked.length, parts };
}

/** Right or wrong after trimming and folding case; the part's name says that case was folded. */
function scoreExact(labels: readonly string[], answer: string, expected: string): RowScore {
  const given = foldLabel(answer);
  const allRight = given === foldLabel(expected);
  const points = allRight ? 100 : 0;
  return { points, valid: allRight || labels.includes(given), allRight, parts: { exactCaseFolded: points } };
}

function scoreText(answer: string, expected: string): RowScore {
  const [given, wanted] = [answer.trim().slice(0, comparedCharacters), expected.trim().slice(0, comparedCharacters)];
  const allRight = given === wanted;
  const similarity = allRight ? 100 : Math.min(100, chrF(given, wanted));
  return {
    points: similarity,
    valid: given !== '',
    allRight,
    parts: { chrF: similarity, tokenF1: allRight ? 100 : tokenF1(given, wanted) },
  };
}

/** Scores one answer against the expected one, in points 0..100. Pure: the same answer always gets the same score. */
export function scoreAnswer(spec: ScoringSpec, answer: string, expected: string): RowScore {
  if (spec.kind === 'json-fields') return scoreFields(spec.fields, answer, expected);
  return spec.kind === 'exact' ? scoreExact(spec.labels, answer, expected) : scoreText(answer, expected);
}

/** What the scores of many rows say together; a part's mean is over the rows that have it. */
export function summariseScores(scores: readonly RowScore[]): ScoreSummary {
  const names = [...new Set(scores.flatMap((score) => Object.keys(score.parts)))];
  const parts = names.map((name) => [name, mean(scores.flatMap((score) => score.parts[name] ?? []))] as const);
  const allRight = scores.filter((score) => score.allRight).length;
  return {
    rows: scores.length,
    meanPoints: mean(scores.map((score) => score.points)),
    validShare: mean(scores.map((score) => (score.valid ? 1 : 0))),
    allRightShare: mean(scores.map((score) => (score.allRight ? 1 : 0))),
    allRightInterval: wilsonInterval(allRight, scores.length),
    parts: Object.fromEntries(parts),
  };
}

/** Sentence part for people: how a data set is scored. */
export function describeScoring(spec: ScoringSpec): string {
  if (spec.kind === 'json-fields') return `share of the JSON fields that are right (${spec.fields.join(', ')})`;
  if (spec.kind === 'exact')
    return `right or wrong (${spec.labels.length} labels; upper and lower case count the same)`;
  return 'likeness to the expected text (chrF: shared letter sequences, 0 to 100)';
}
