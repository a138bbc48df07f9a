import { z } from 'zod';

/** One message of a row. `weight` 0 keeps an assistant message as context that is not learned (OpenAI fine-tuning format). */
export const rowMessage = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
  weight: z.union([z.literal(0), z.literal(1)]).optional(),
});
export type RowMessage = z.infer<typeof rowMessage>;

/** Remarks on a row that was kept. They are counted in the report of the import. */
export const rowFlags = [
  'CONTRADICTION',
  'REPLACED_CHARACTER',
  'NUL_REMOVED',
  'FALLBACK_ENCODING',
  'TRAILING_TURNS_DROPPED',
] as const;
export const rowFlag = z.enum(rowFlags);
export type RowFlag = z.infer<typeof rowFlag>;

/** Where a row came from: file name, first line of the record (from 1), and the id it had there. */
export const rowSource = z.object({
  name: z.string(),
  line: z.number().int().positive(),
  id: z.string().optional(),
});

/** The canonical row `forge.row/1` of kind `sft` (supervised examples). Every import ends in it, every worker starts from it. */
export const datasetRow = z.object({
  /** Hash of the messages, so the same content has the same id in every version. */
  id: z.string().min(1),
  kind: z.literal('sft'),
  messages: z.array(rowMessage).min(2),
  /** Leak group: rows of one group always stay on one side of a split. */
  group: z.string().min(1),
  /** A passage that is learned as it stands, every token of it, without the chat form; `messages` are the question it is measured by. */
  text: z.string().min(1).optional(),
  source: rowSource.optional(),
  flags: z.array(rowFlag).optional(),
});
export type DatasetRow = z.infer<typeof datasetRow>;

/** Why a record was not taken. */
export const rejectReasons = [
  'BAD_ENCODING',
  'BAD_JSON',
  'NAN_INF',
  'TRUNCATED',
  'NOT_OBJECT',
  'TOO_DEEP',
  'TOO_LONG',
  'RAGGED_SHORT',
  'RAGGED_LONG',
  'BAD_QUOTE',
  'UNCLOSED_QUOTE',
  'UNKNOWN_SHAPE',
  'EMPTY_PROMPT',
  'EMPTY_ANSWER',
  'BAD_ROLE',
  'BAD_ROLE_ORDER',
  'BAD_WEIGHT',
  'NOTHING_TO_LEARN',
  'UNSUPPORTED_PART',
  'UNSUPPORTED_TOOLS',
  'EMPTY_FIELD',
  'SAME_ANSWERS',
  'BAD_MARKERS',
  'BAD_LABEL',
  'BAD_TOOL_CALL',
  'UNREADABLE_FILE',
] as const;
export const rejectReason = z.enum(rejectReasons);
export type RejectReason = z.infer<typeof rejectReason>;

export const rejectedRow = z.object({
  line: z.number().int().positive(),
  reason: rejectReason,
  message: z.string(),
  /** The beginning of the record as text, at most 200 characters. */
  excerpt: z.string(),
});
export type RejectedRow = z.infer<typeof rejectedRow>;

export const datasetFormats = [
  'messages',
  'sharegpt',
  'alpaca',
  'prompt-completion',
  'input-output',
  'columns',
] as const;
export const datasetFormat = z.enum(datasetFormats);
export type DatasetFormat = z.infer<typeof datasetFormat>;

export const datasetContainer = z.enum(['jsonl', 'json-array', 'csv']);
export type DatasetContainer = z.infer<typeof datasetContainer>;

export const textEncoding = z.enum(['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'windows-1252']);
export type TextEncoding = z.infer<typeof textEncoding>;

/** Which column (or key) fills which place of the row. */
export const columnMapping = z.object({
  prompt: z.string().min(1),
  answer: z.string().min(1),
  /** A second column that is appended to the prompt on a new line (Alpaca's `input`). */
  context: z.string().min(1).optional(),
  system: z.string().min(1).optional(),
  group: z.string().min(1).optional(),
  id: z.string().min(1).optional(),
});
export type ColumnMapping = z.infer<typeof columnMapping>;

export const groupOrigin = z.enum(['column', 'near-duplicates', 'same-prompt']);
export type GroupOrigin = z.infer<typeof groupOrigin>;

/** What an import saw, without the rows. `seen` = rows + rejected.total + duplicates, checked by the reader. */
export const datasetReport = z.object({
  name: z.string(),
  container: datasetContainer,
  format: datasetFormat,
  /** Null where the format has its places fixed (messages, sharegpt). */
  mapping: columnMapping.nullable(),
  delimiter: z.string().nullable(),
  encoding: z.object({ name: textEncoding, certain: z.boolean() }),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  seen: z.number().int().nonnegative(),
  rows: z.number().int().nonnegative(),
  /** Exact duplicates that were merged into the first copy. */
  duplicates: z.number().int().nonnegative(),
  /** Rows whose prompt appears with more than one answer (kept, flagged). */
  contradictions: z.number().int().nonnegative(),
  rejected: z.object({
    total: z.number().int().nonnegative(),
    byReason: z.record(z.string(), z.number().int().positive()),
    examples: z.array(rejectedRow),
  }),
  flags: z.record(z.string(), z.number().int().positive()),
  groups: z.object({ count: z.number().int().nonnegative(), origin: groupOrigin, largest: z.number().int() }),
  warnings: z.array(z.string()),
});
export type DatasetReport = z.infer<typeof datasetReport>;

const sideCounts = z.object({ rows: z.number().int().nonnegative(), groups: z.number().int().nonnegative() });

export const splitReport = z.object({
  seed: z.number().int(),
  train: sideCounts,
  validation: sideCounts,
  heldOut: sideCounts,
  heldOutWanted: z.number().int().positive(),
  /** Pairs of near-equal prompts with one side in training (or validation) and the other held out. */
  leaks: z.object({
    exactPairs: z.number().int().nonnegative(),
    nearPairs: z.number().int().nonnegative(),
    /** The same count for a plain shuffled split of the same sizes, for comparison. */
    nearPairsOfPlainShuffle: z.number().int().nonnegative(),
  }),
  /** Largest difference, in percentage points, between the label shares of the held-out rows and of all rows; null without labels. */
  largestLabelShift: z.number().nullable(),
  /** Smallest change in points these held-out rows can be expected to show; null below 20 groups. */
  expectedVisiblePoints: z.number().nullable(),
  warnings: z.array(z.string()),
});
export type SplitReport = z.infer<typeof splitReport>;
