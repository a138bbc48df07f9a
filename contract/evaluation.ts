import { z } from 'zod';

/** How answers are scored. Chosen from the expected answers, see `core/evaluation/detect-scoring.ts`. */
export const scoringSpec = z.discriminatedUnion('kind', [
  /** The answer is a JSON object; points = share of the fields that are right. */
  z.object({ kind: z.literal('json-fields'), fields: z.array(z.string()).min(1) }),
  /** The answer is a short label; right or wrong. */
  z.object({ kind: z.literal('exact'), labels: z.array(z.string()) }),
  /** Free text; points = chrF against the expected answer, token F1 beside it. */
  z.object({ kind: z.literal('text') }),
]);
export type ScoringSpec = z.infer<typeof scoringSpec>;

/** Points are 0..100 everywhere. */
export const points = z.number().min(0).max(100);

export const rowScore = z.object({
  points,
  /** json-fields: a complete JSON object was found. exact: the answer is one of the known labels. text: not empty. */
  valid: z.boolean(),
  /** Every field right, or the label right; for text: the same after trimming. */
  allRight: z.boolean(),
  /** Points by part: one entry a field for json-fields; `chrF` and `tokenF1` for text; `exact` for labels. */
  parts: z.record(z.string(), points),
});
export type RowScore = z.infer<typeof rowScore>;

export const scoreSummary = z.object({
  rows: z.number().int().nonnegative(),
  meanPoints: points,
  validShare: z.number().min(0).max(1),
  allRightShare: z.number().min(0).max(1),
  allRightInterval: z.tuple([z.number(), z.number()]),
  parts: z.record(z.string(), points),
});
export type ScoreSummary = z.infer<typeof scoreSummary>;

/** A paired comparison of two models on the same rows, in points (0..100), clustered on groups. */
export const comparison = z.object({
  rows: z.number().int().nonnegative(),
  clusters: z.number().int().nonnegative(),
  baseMean: points,
  tunedMean: points,
  /** tuned minus base, -100..100. */
  delta: z.number().min(-100).max(100),
  /** 95 % interval of delta; null with fewer than 20 clusters. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** Two-sided p; null with fewer than 20 clusters. */
  p: z.number().min(0).max(1).nullable(),
  /** Smallest true difference seen with 80 % probability; null when it cannot be known (too few clusters, or no row differs). */
  minimumVisible: z.number().nonnegative().nullable(),
  /** Exact McNemar on "all right" when the scores are 0 or 100 only and every row is its own cluster; else null. */
  mcnemar: z.object({ onlyBase: z.number().int(), onlyTuned: z.number().int(), p: z.number() }).nullable(),
  resamples: z.number().int().nonnegative(),
  seed: z.number().int(),
});
export type Comparison = z.infer<typeof comparison>;

export const verdict = z.object({
  kind: z.enum(['better', 'worse', 'no-difference', 'too-few']),
  /** The sentence every face prints, unchanged. */
  sentence: z.string(),
});
export type Verdict = z.infer<typeof verdict>;

export const answerOrder = z.enum(['worst-first', 'best-first', 'as-in-file']);

/** One held-out row as both models answered it; `change` = tuned minus base, in points. */
export const answeredRow = z.object({
  id: z.string(),
  prompt: z.string(),
  expected: z.string(),
  base: z.object({ answer: z.string(), points }),
  tuned: z.object({ answer: z.string(), points }),
  change: z.number().min(-100).max(100),
});
export type AnsweredRow = z.infer<typeof answeredRow>;

export const answerPage = z.object({ total: z.number().int().nonnegative(), rows: z.array(answeredRow) });
