import { z } from 'zod';
import { datasetName, importRequest, versionReference } from './dataset-versions.ts';
import { rowKinds } from './rows.ts';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** What a study is made of: a version, or files that are read for it alone and make no version. */
export const studyRequest = z.object({
  version: versionReference.nullable().default(null),
  files: importRequest.nullable().default(null),
  /** Base model whose tokenizer counts the tokens; null estimates them from the characters. */
  base: z.string().max(4096).nullable().default(null),
});
export type StudyRequest = z.infer<typeof studyRequest>;

/**
 * The rows behind a figure: how many, and the ids of the first of them (all where `ids` is as long as `count`). `lists` are the numbers under which the study
 * of a version kept all of them, for the filter `study` of a page; absent where it kept none (a study of files).
 */
export const rowLink = z.object({
  count,
  ids: z.array(z.string()).max(200),
  lists: z.array(count).max(1_000).optional(),
});
export type RowLink = z.infer<typeof rowLink>;

/** Rows by a number. Bucket `n` holds `bounds[n] <= value < bounds[n + 1]`; the last one is open above. */
export const histogram = z.object({
  bounds: z.array(z.number()),
  buckets: z.array(rowLink),
  minimum: z.number(),
  /** Of values rounded to three figures. */
  median: z.number(),
  percentile95: z.number(),
  maximum: z.number(),
  mean: z.number(),
});
export type Histogram = z.infer<typeof histogram>;

/** Rows that share a name: a language, a source, a category. */
export const namedRows = z.object({ name: z.string(), rows: rowLink });
export type NamedRows = z.infer<typeof namedRows>;

/** A wording that many rows share, and in which share of all rows it stands. `count` is at most `error` too high. */
export const repeatedWording = z.object({ text: z.string(), share, error: count, rows: rowLink });
export type RepeatedWording = z.infer<typeof repeatedWording>;

const tokens = z.object({
  /** `tokenizer`: every row was counted. `sampled`: some were, the others by their ratio to characters. `estimated`: by characters alone. */
  counted: z.enum(['tokenizer', 'sampled', 'estimated']),
  base: z.string().nullable(),
  /** Rows that the tokenizer counted. */
  countedRows: count,
  total: count,
  perRow: histogram,
  /** Tokens that the base takes in; null where it is not known. */
  contextTokens: z.number().int().positive().nullable(),
  overContext: rowLink,
});

/** `forge.study/1`: what a dataset holds (D-7). Without any model that judges: every figure comes from rules that the code names. */
export const studyReport = z.object({
  schema: z.literal('forge.study/1'),
  /** Null for files. */
  version: versionReference.nullable(),
  name: datasetName,
  digest: z.string().nullable(),
  madeAt: z.number(),
  seconds: z.number(),
  rows: count,
  /** Records of files that were refused; 0 for a version, whose import told. */
  rejected: count,
  kinds: z.array(z.object({ kind: z.enum(rowKinds), rows: rowLink })),
  characters: z.object({ prompt: histogram, answer: histogram }),
  tokens,
  languages: z.array(namedRows),
  code: z.object({
    present: rowLink,
    parses: rowLink,
    broken: rowLink,
    unchecked: rowLink,
    languages: z.array(namedRows),
  }),
  /** Answers without a letter or digit, and answers under 20 characters. */
  empty: rowLink,
  short: rowLink,
  refusals: rowLink,
  echoes: rowLink,
  duplicates: z.object({
    /** Rows that repeat an earlier one. */
    exact: rowLink,
    near: rowLink,
    exactShare: share,
    nearShare: share,
    threshold: share,
    /** 1: all rows were compared; below, this share of them, and the near share is then a lower bound. */
    comparedShare: share,
  }),
  repeated: z.object({ wordings: z.array(repeatedWording), openings: z.array(repeatedWording) }),
  roleErrors: z.array(namedRows),
  pii: z.array(z.object({ kind: z.string(), findings: count, rows: rowLink })),
  /** By word lists, so no verdict: `review` names what a person should look at. */
  toxicity: z.array(z.object({ tier: z.enum(['threat', 'slur', 'profanity']), rows: rowLink })),
  contamination: z.object({
    sets: z.array(z.object({ set: z.string(), tasks: count })),
    hits: z.array(z.object({ set: z.string(), kind: z.string(), rows: rowLink })),
  }),
  quality: histogram,
  sources: z.array(namedRows),
  licences: z.array(namedRows),
  teachers: z.array(namedRows),
  categories: z.array(namedRows),
  /** Answers that are one of few (labels), and labels of unpaired rows; empty where answers are free text. */
  labels: z.array(namedRows),
  flags: z.array(namedRows),
  eligible: z.array(namedRows),
  /** What was estimated, sampled or left out, in sentences. */
  notes: z.array(z.string()),
});
export type StudyReport = z.infer<typeof studyReport>;

/** What a job of kind `study` leaves as its result; the report is read with `foundry.studyReport`. */
export const studyDone = z.object({ reportPath: z.string(), rows: count, seconds: z.number() });
export type StudyDone = z.infer<typeof studyDone>;
