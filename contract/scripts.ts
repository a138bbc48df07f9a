import { z } from 'zod';
import { datasetName, versionReference, viewStep } from './dataset-versions.ts';
import { canonicalRow } from './rows.ts';

const count = z.number().int().nonnegative();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What a script is called: its file's name without `.py`. */
export const scriptName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'small letters, digits, dots, underscores and hyphens, at most 64');

/** Python with `transform(row) -> row | list | None` and, where it wants to see rows first, `setup(sample)` (D-28). */
export const scriptSource = z.string().min(1).max(65_536);

/** What a script may use besides its row; both make two runs differ, so neither is there unless it was asked for (D-29). */
export const scriptAllowances = z.object({
  clock: z.boolean().default(false),
  /** Numbers come from the seed and the row's place: two runs still give the same. */
  random: z.boolean().default(false),
});
export type ScriptAllowances = z.infer<typeof scriptAllowances>;

export const sandboxNames = ['bubblewrap', 'deno', 'page', 'container'] as const;
export const sandboxName = z.enum(sandboxNames);
export type SandboxName = z.infer<typeof sandboxName>;

/** One kind of isolation on this machine. `fit` only after it held every quick try to get out. */
export const sandboxReport = z.object({
  name: sandboxName,
  /** For people: `Bubblewrap (Linux)`. */
  label: z.string(),
  isFit: z.boolean(),
  /** What it is made of when it is fit, else why it is not. */
  detail: z.string(),
});
export type SandboxReport = z.infer<typeof sandboxReport>;

export const scriptRequest = versionReference.extend({
  script: scriptName,
  source: scriptSource,
  /** `try` makes nothing: the first rows twice, with before and after. `all` tries first, then makes a new version. */
  mode: z.enum(['try', 'all']),
  allow: scriptAllowances.default({ clock: false, random: false }),
  seed: z.number().int().min(0).max(2_147_483_647).default(0),
  /** Name of the dataset that is made; null for a new version of the same one. */
  as: datasetName.nullable().default(null),
});
export type ScriptRequest = z.infer<typeof scriptRequest>;

/** A row before and after. `after` is empty for a row that was dropped; long texts are cut at 2,000 characters. */
export const scriptExample = z.object({
  /** Place in the version, from 0. */
  place: count,
  before: canonicalRow,
  after: z.array(canonicalRow),
});
export type ScriptExample = z.infer<typeof scriptExample>;

export const scriptCounts = z.object({
  seen: count,
  unchanged: count,
  changed: count,
  dropped: count,
  /** Rows beyond the first that came out of one row. */
  added: count,
  /** Fields of a row that are Forge's (id, group, source, leave to train) and that the script gave otherwise: kept as they were. */
  restored: count,
});
export type ScriptCounts = z.infer<typeof scriptCounts>;

/** What a run tells at its end; the stable form of `forge data script --json`. */
export const scriptReport = z.object({
  name: datasetName,
  /** Null for a try, and where nothing was left: no version is made of nothing. */
  version: z.number().int().positive().nullable(),
  digest: digest.nullable(),
  script: scriptName,
  scriptDigest: digest,
  sandbox: sandboxReport,
  /** The first rows, run twice in two fresh sandboxes; a run whose hashes differ fails instead. */
  tried: scriptCounts.extend({ outputSha256: digest, examples: z.array(scriptExample).max(200) }),
  /** Null for a try. `merged`: rows that came out equal to an earlier one. */
  all: scriptCounts.extend({ rows: count, merged: count }).nullable(),
  /** The first 4,000 characters that it printed. */
  printed: z.string(),
  seconds: z.number().nonnegative(),
});
export type ScriptReport = z.infer<typeof scriptReport>;

/** One line of the difference between two scripts. Numbers from 1; null on the side where it is not. */
export const scriptDiffLine = z.object({
  kind: z.enum(['same', 'removed', 'added']),
  before: z.number().int().positive().nullable(),
  after: z.number().int().positive().nullable(),
  text: z.string(),
});
export type ScriptDiffLine = z.infer<typeof scriptDiffLine>;

/** What a person looks at before a script runs. */
export const scriptReview = z.object({
  script: scriptName,
  digest,
  /** Digest of the script that last ran under this name; null for a new one. */
  previous: digest.nullable(),
  lines: z.array(scriptDiffLine),
});
export type ScriptReview = z.infer<typeof scriptReview>;

/** A script that ran over whole versions, or that a step names; `ranAt` is when that was last so. */
export const keptScript = z.object({ script: scriptName, digest, ranAt: z.number(), sizeBytes: count });
export type KeptScript = z.infer<typeof keptScript>;

/** What a planning model may answer (D-31): filters that Forge knows and a script for the sandbox; no commands, no other keys. */
export const dataPlan = z.strictObject({
  steps: z.array(viewStep).max(20),
  script: z.strictObject({ about: z.string().max(500), source: scriptSource }).nullable(),
});
export type DataPlan = z.infer<typeof dataPlan>;

/** What a window does for the sandbox that lives in its pages. Long texts come in parts; `isLast` ends one. */
export const sandboxPageTask = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('show'), page: z.string(), address: z.url() }),
  z.object({ kind: z.literal('send'), page: z.string(), text: z.string(), isLast: z.boolean() }),
  z.object({ kind: z.literal('close'), page: z.string() }),
]);
export type SandboxPageTask = z.infer<typeof sandboxPageTask>;

/** Characters of one part. */
export const sandboxPartCharacters = 1_000_000;

/** What a page said, in parts. */
export const sandboxPageWord = z.object({
  page: z.string().max(100),
  text: z.string().max(sandboxPartCharacters),
  isLast: z.boolean(),
});
export type SandboxPageWord = z.infer<typeof sandboxPageWord>;
