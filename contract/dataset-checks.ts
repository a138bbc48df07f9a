import { z } from 'zod';
import { datasetName, splitChoice, versionReference } from './dataset-versions.ts';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** A check over all rows of a version. It changes nothing: it tells, and writes down which rows it is about. */
export const checkRequest = z.discriminatedUnion('check', [
  versionReference.extend({
    check: z.literal('dedupe'),
    over: z.enum(['prompt', 'answer', 'both']).default('both'),
    /** Null: equal texts only. */
    threshold: z.number().min(0.5).max(1).nullable().default(0.8),
    keep: z.enum(['longest', 'highest-score', 'newest']).default('longest'),
  }),
  versionReference.extend({ check: z.literal('split') }).extend(splitChoice.shape),
  versionReference.extend({ check: z.literal('contamination') }),
  versionReference.extend({
    check: z.literal('pii'),
    /** Domains whose own detectors look too: `healthcare`, `legal`. The version's domain is always among them. */
    packs: z.array(z.string().max(64)).max(20).default([]),
  }),
]);
export type CheckRequest = z.infer<typeof checkRequest>;
export type CheckKind = CheckRequest['check'];

const shared = {
  name: datasetName,
  version: z.number().int().positive(),
  rows: count,
  /** JSON Lines, one object a row that is concerned; `id` is the row's. */
  rowsPath: z.string(),
  seconds: z.number(),
};

/** `forge data dedupe --json`. */
export const dedupeReport = z.object({
  ...shared,
  check: z.literal('dedupe'),
  over: z.enum(['prompt', 'answer', 'both']),
  threshold: z.number().nullable(),
  /** Rows that equal an earlier one, and clusters of them. */
  exact: count,
  exactClusters: count,
  /** Rows that go because a near-equal one stays. */
  near: count,
  nearClusters: count,
  kept: count,
  peakBytes: count,
});

const bySide = z.object({ train: count, validation: count, test: count });

/** `forge data split --json` (D-11). */
export const splitReport = z.object({
  ...shared,
  check: z.literal('split'),
  seed: z.number(),
  sides: bySide,
  groups: bySide,
  /** Near to rows of several sides of the version before, so on none. */
  leftOut: count,
  largestGroupRows: count,
  /** Pairs on two sides; 0 by construction, counted again. */
  leaks: z.object({ exactPairs: count, nearPairs: count }),
  /** The same pairs under a plain random 90/10 split. */
  naive: z.object({ pairs: count, crossing: count, share }),
});

/** `forge data contamination --json` (D-12). */
export const contaminationReport = z.object({
  ...shared,
  check: z.literal('contamination'),
  sets: z.array(z.object({ set: z.string(), tasks: count })),
  /** Rows that hold a task for certain, and rows that a person should look at. */
  certain: count,
  review: count,
  hits: z.array(z.object({ set: z.string(), kind: z.string(), rows: count })),
});

/** `forge data pii --json` (D-13). */
export const piiReport = z.object({
  ...shared,
  check: z.literal('pii'),
  concerned: count,
  kinds: z.array(z.object({ kind: z.string(), findings: count, rows: count })),
});

export const checkReport = z.discriminatedUnion('check', [dedupeReport, splitReport, contaminationReport, piiReport]);
export type CheckReport = z.infer<typeof checkReport>;
export type DedupeReport = z.infer<typeof dedupeReport>;
export type SplitReport = z.infer<typeof splitReport>;
export type ContaminationReport = z.infer<typeof contaminationReport>;
export type PiiReport = z.infer<typeof piiReport>;

/** What a job of kind `freeze` leaves. `seen` = `rows` + `dropped` + `merged`. */
export const freezeReport = z.object({
  name: datasetName,
  version: z.number().int().positive(),
  digest: z.string(),
  seen: count,
  rows: count,
  dropped: count,
  /** Exact and near duplicates of rows that stayed. */
  merged: count,
  changed: count,
  /** Rows that scripts made beyond those there were; absent without one: seen + added = rows + dropped + merged. */
  added: count.optional(),
  sides: bySide.nullable(),
  seconds: z.number(),
});
export type FreezeReport = z.infer<typeof freezeReport>;

/** The kinds that are always looked for (D-13). Packs add kinds of their own. */
export const piiKinds = [
  'email',
  'phone',
  'ipv4',
  'ipv6',
  'card',
  'iban',
  'ssn',
  'api-key',
  'private-key',
  'jwt',
] as const;
export type PiiKind = (typeof piiKinds)[number];
