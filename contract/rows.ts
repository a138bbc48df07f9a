import { z } from 'zod';

/**
 * The canonical row `forge.row/1` in all its kinds: one JSON object a line. Every import ends in it and every export begins with it. Training takes
 * kind `sft` (`datasetRow` in datasets.ts, which is the narrower shape of it).
 */
export const rowKinds = ['sft', 'preference', 'unpaired', 'prompt', 'text'] as const;
export const rowKind = z.enum(rowKinds);
export type RowKind = z.infer<typeof rowKind>;

/** One call of a tool by the assistant; `arguments` is the JSON text as it was given. */
export const toolCall = z.object({ id: z.string().optional(), name: z.string(), arguments: z.string() });

export const canonicalMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  /** 0 keeps an assistant message as context that is not learned. */
  weight: z.union([z.literal(0), z.literal(1)]).optional(),
  tool_calls: z.array(toolCall).optional(),
  /** Which call a `tool` message answers. */
  tool_call_id: z.string().optional(),
});
export type CanonicalMessage = z.infer<typeof canonicalMessage>;

/** Where a row came from. `line` counts from 1, `byte_offset` from 0; both say where its record begins in `uri`. */
export const canonicalSource = z.object({
  type: z.enum(['file', 'hub', 'comparison', 'capture', 'document', 'generated', 'script']),
  /** Path below the imported place, hub id, or name; never an absolute path. */
  uri: z.string(),
  sha256: z.string().optional(),
  line: z.number().int().positive().optional(),
  byte_offset: z.number().int().nonnegative().optional(),
  /** The id the row had there. */
  id: z.string().optional(),
  /** Page of a document, from 1. */
  page: z.number().int().positive().optional(),
  licence: z.string().optional(),
  /** `provider/model` of a hosted teacher that wrote the answer. */
  teacher: z.string().optional(),
  teacher_terms: z.enum(['allows', 'forbids', 'review']).optional(),
  captured_at: z.string().optional(),
});
export type CanonicalSource = z.infer<typeof canonicalSource>;

/** A remark of a check on a row; `span` is [start, end) in UTF-16 units of the text that `place` names, e.g. `messages.1.content`. */
export const checkFlag = z.object({
  check: z.string(),
  code: z.string(),
  place: z.string().optional(),
  span: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]).optional(),
  score: z.number().optional(),
});
export type CheckFlag = z.infer<typeof checkFlag>;

const shared = {
  /** Unique in the version: a hash of the content, so the same content has the same id in every version. */
  id: z.string().min(1),
  domain: z.string().optional(),
  category: z.string().optional(),
  lang: z.string().optional(),
  /** Leak group: rows of one group always stay on one side of a split. */
  group: z.string().min(1),
  source: canonicalSource,
  /** Its side of the split (D-11), in a version that was frozen with one. */
  side: z.enum(['train', 'validation', 'test']).optional(),
  training_eligible: z.union([z.boolean(), z.literal('review')]).default(true),
  flags: z.array(checkFlag).default([]),
};

/** Definitions of the tools that the answers may call, as JSON schema objects, the way OpenAI writes them. */
const tools = z.array(z.record(z.string(), z.unknown())).optional();

export const sftRow = z.object({
  ...shared,
  kind: z.literal('sft'),
  messages: z.array(canonicalMessage).min(2),
  tools,
});
export const preferenceRow = z.object({
  ...shared,
  kind: z.literal('preference'),
  prompt: z.array(canonicalMessage).min(1),
  chosen: z.array(canonicalMessage).min(1),
  rejected: z.array(canonicalMessage).min(1),
});

export const canonicalRow = z.discriminatedUnion('kind', [
  sftRow,
  preferenceRow,
  z.object({ ...shared, kind: z.literal('prompt'), messages: z.array(canonicalMessage).min(1), tools }),
  z.object({
    ...shared,
    kind: z.literal('unpaired'),
    prompt: z.array(canonicalMessage).min(1),
    completion: z.array(canonicalMessage).min(1),
    label: z.boolean(),
  }),
  z.object({ ...shared, kind: z.literal('text'), text: z.string().min(1) }),
]);
export type CanonicalRow = z.infer<typeof canonicalRow>;
