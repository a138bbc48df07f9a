import { z } from 'zod';
import { checkFlag, rowKinds } from './rows.ts';

/** Name of a dataset: what people call it, and its folder's name. */
export const datasetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'small letters, digits, dots, underscores and hyphens, at most 64');

/** One version of a dataset. */
export const versionReference = z.object({ name: datasetName, version: z.number().int().positive() });
export type VersionReference = z.infer<typeof versionReference>;

const count = z.number().int().nonnegative();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * How columns or keys become places of the row. A value is a column, or a template over several: `{title}: {body}`.
 * `prompt` and `answer` are what `--map prompt=question,answer=reply` sets.
 */
export const fieldMapping = z.partialRecord(
  z.enum([
    'prompt',
    'answer',
    'context',
    'system',
    'messages',
    'chosen',
    'rejected',
    'label',
    'text',
    'group',
    'id',
    'category',
    'lang',
  ]),
  z.string().min(1).max(2_000),
);
export type FieldMapping = z.infer<typeof fieldMapping>;

export const importRequest = z.object({
  /** Files or folders, at most 1,000; `hf:owner/name` is fetched first. */
  paths: z.array(z.string().min(1).max(4096)).min(1).max(1_000),
  name: datasetName,
  mapping: fieldMapping.nullable().default(null),
  /** Encoding, separator and header where the person knows better than the first look. */
  encoding: z.string().max(40).nullable().default(null),
  delimiter: z.string().length(1).nullable().default(null),
  hasHeader: z.boolean().nullable().default(null),
  systemPrompt: z.string().max(20_000).nullable().default(null),
  domain: z.string().max(64).nullable().default(null),
  licence: z.string().max(200).nullable().default(null),
  /** `provider/model` that wrote the answers, where one did. */
  teacher: z.string().max(200).nullable().default(null),
});
export type ImportRequest = z.infer<typeof importRequest>;

/** What an import tells at its end; the stable form of `forge data import --json`. `seen` = accepted + rejected + merged. */
export const importReport = z.object({
  name: datasetName,
  /** Null when nothing was accepted: no version is made of nothing. */
  version: z.number().int().positive().nullable(),
  digest: digest.nullable(),
  seen: count,
  accepted: count,
  rejected: count,
  /** Exact duplicates that went into the first copy. */
  merged: count,
  rejectsPath: z.string().nullable(),
  seconds: z.number().nonnegative(),
  peakBytes: count,
  warnings: z.array(z.string()),
});
export type ImportReport = z.infer<typeof importReport>;

/** One line of `rejects.jsonl`. `head` is the first 2,000 bytes of the record, as text where they are UTF-8, else base64. */
export const rejectEntry = z.object({
  file: z.string(),
  line: z.number().int().positive(),
  byteOffset: count,
  byteLength: count,
  code: z.string(),
  message: z.string(),
  head: z.string(),
  headEncoding: z.enum(['utf-8', 'base64']),
});
export type RejectEntry = z.infer<typeof rejectEntry>;

/** A filter of D-8, or an act of another check. They stand in order; each sees what the ones before it kept. */
export const viewStep = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('length'),
    place: z.enum(['prompt', 'answer', 'whole']),
    unit: z.enum(['characters', 'tokens']),
    minimum: count.nullable(),
    maximum: count.nullable(),
    /** Of tokens: the base model whose tokenizer counts them. Without one they are estimated by characters. */
    base: z.string().min(1).max(4096).nullable().optional(),
  }),
  z.object({ kind: z.literal('code'), wants: z.enum(['present', 'parses', 'absent']) }),
  z.object({ kind: z.literal('language'), keep: z.array(z.string().min(2).max(3)).min(1) }),
  z.object({
    kind: z.literal('regex'),
    pattern: z.string().min(1).max(500),
    place: z.enum(['prompt', 'answer', 'whole']),
    keepMatches: z.boolean(),
  }),
  z.object({ kind: z.literal('banned'), phrases: z.array(z.string().min(1).max(200)).min(1).max(500) }),
  z.object({ kind: z.literal('refusal') }),
  z.object({
    kind: z.literal('echo'),
    /** Share of the answer's 5-grams that stand in the prompt, above which it goes. */ above: z.number().min(0).max(1),
  }),
  z.object({ kind: z.literal('quality'), below: z.number().min(0).max(1) }),
  z.object({ kind: z.literal('exact-duplicates'), over: z.enum(['prompt', 'answer', 'both']) }),
  z.object({
    kind: z.literal('near-duplicates'),
    threshold: z.number().min(0.5).max(1),
    keep: z.enum(['longest', 'highest-score', 'newest']),
  }),
  z.object({
    kind: z.literal('pii'),
    action: z.enum(['mask', 'replace', 'drop', 'review']),
    kinds: z.array(z.string()).min(1),
    /** Ids of rows that a person looked at and let pass as they are (D-13). */
    accepted: z.array(z.string()).max(10_000).optional(),
  }),
  z.object({ kind: z.literal('contamination'), action: z.enum(['drop', 'review']) }),
  z.object({
    kind: z.literal('eligible'),
    /** Rows whose teacher's terms were accepted by the person stay. */ acceptedProviders: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('script'),
    script: z.string().max(64),
    digest,
    /** Absent: 0. */ seed: z.number().int().min(0).max(2_147_483_647).optional(),
    /** Absent: neither (D-29). */ allow: z.object({ clock: z.boolean(), random: z.boolean() }).optional(),
  }),
]);
export type ViewStep = z.infer<typeof viewStep>;

/** What one step did: counts, and up to 20 rows that it dropped or changed. */
export const stepOutcome = z.object({
  step: viewStep,
  kept: count,
  dropped: count,
  changed: count,
  /** Rows beyond the first that a script made of one row; absent for other steps. The step after it sees them too. */
  added: count.optional(),
  /** How tokens were counted; absent where none were. */
  counted: z.enum(['tokenizer', 'estimated']).optional(),
  examples: z
    .array(
      z.object({
        id: z.string(),
        before: z.string(),
        after: z.string().nullable(),
        why: z.string(),
        flags: z.array(checkFlag),
      }),
    )
    .max(20),
});
export type StepOutcome = z.infer<typeof stepOutcome>;

export const sides = ['train', 'validation', 'test'] as const;
export const splitChoice = z.object({
  seed: z.number().int().min(0).max(2_147_483_647),
  validationShare: z.number().min(0).max(0.5),
  testShare: z.number().min(0).max(0.5),
});
export type SplitChoice = z.infer<typeof splitChoice>;

/** `forge.dataset/1`: `datasets/<name>/v<n>/version.json`. The files it names lie in `store/` under their digests. */
export const datasetVersion = versionReference.extend({
  schema: z.literal('forge.dataset/1'),
  createdAt: z.number(),
  /** The version it was made from; null for an import. */
  parent: versionReference.nullable(),
  /** How it was made: enough to make it again. Paths as the person gave them. */
  recipe: z.object({ import: importRequest.nullable(), steps: z.array(viewStep), split: splitChoice.nullable() }),
  /** SHA-256 over the rows file: the same rows give the same digest, wherever and however often they were interrupted. */
  digest,
  rows: count,
  kinds: z.partialRecord(z.enum(rowKinds), count),
  seen: count,
  rejected: count,
  merged: count,
  sizeBytes: count,
  files: z.object({ rows: digest, rejects: digest.nullable() }),
  sources: z.array(
    z.object({ uri: z.string(), sha256: digest, sizeBytes: count, rows: count, licence: z.string().nullable() }),
  ),
  warnings: z.array(z.string()),
});
export type DatasetVersion = z.infer<typeof datasetVersion>;

/** Work of the foundry that takes its time. It survives the engine: the next start goes on from its last checkpoint. */
export const foundryJobState = z.enum(['waiting', 'running', 'paused', 'done', 'failed', 'cancelled']);
export const foundryJob = z.object({
  id: z.string(),
  kind: z.enum([
    'import',
    'documents',
    'view',
    'freeze',
    'study',
    'dedupe',
    'split',
    'contamination',
    'pii',
    'export',
    'script',
    'diff',
  ]),
  name: z.string(),
  state: foundryJobState,
  text: z.string(),
  done: count,
  /** Null while it is not known. */
  total: count.nullable(),
  rowsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  startedAt: z.number(),
  /** The report of its kind once it is done. */
  result: z.unknown().nullable(),
  failure: z.unknown().nullable(),
});
export type FoundryJob = z.infer<typeof foundryJob>;

/** A model that learned from a version. It keeps rows of its own, so it outlives the version; one that is still being made needs it. */
export const versionUse = z.object({
  model: z.string(),
  version: z.number().int().positive(),
  isBeingMade: z.boolean(),
});
export type VersionUse = z.infer<typeof versionUse>;

/** A page of a version or of a view of it, straight from its index: no page depends on the number of rows. */
export const pageRequest = versionReference.extend({
  offset: count.default(0),
  limit: z.number().int().min(1).max(500).default(100),
  sort: z
    .object({
      by: z.enum(['place', 'promptCharacters', 'answerCharacters', 'source', 'group', 'kind', 'flags']),
      descending: z.boolean(),
    })
    .default({ by: 'place', descending: false }),
  filter: z
    .object({
      text: z.string().max(200).default(''),
      kind: z.enum(rowKinds).nullable().default(null),
      flag: z.string().max(60).nullable().default(null),
      group: z.string().max(200).nullable().default(null),
      ids: z.array(z.string()).max(1_000).nullable().default(null),
      /** All rows behind a figure of the last study: when it was made, and lists of its `rowLink`s. */
      study: z
        .object({ madeAt: z.number(), lists: z.array(count).min(1).max(1_000) })
        .nullable()
        .default(null),
    })
    .default({ text: '', kind: null, flag: null, group: null, ids: null, study: null }),
});
export type PageRequest = z.infer<typeof pageRequest>;

export const pagedRow = z.object({
  place: count,
  id: z.string(),
  kind: z.enum(rowKinds),
  /** The first 300 characters. */
  prompt: z.string(),
  answer: z.string(),
  promptCharacters: count,
  answerCharacters: count,
  group: z.string(),
  source: z.string(),
  line: count.nullable(),
  flags: z.array(z.string()),
});
export type PagedRow = z.infer<typeof pagedRow>;
export const rowPage = z.object({ total: count, rows: z.array(pagedRow) });
export type RowPage = z.infer<typeof rowPage>;
