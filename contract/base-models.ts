import { z } from 'zod';
import { modelFacts } from './recipes.ts';

/** The base model that is taken when none is named: it comes inside a Python package and trains on two cores (design: base models). */
export const defaultBaseModel = 'smollm2-135m-instruct';

/** Ids become folder names. */
export const baseModelId = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/);

/** Where a base model can come from. The order in an entry is the order they are tried in, after the person's own folders. */
export const baseModelSource = z.discriminatedUnion('kind', [
  /** Ollama's own store on this disk; names by preference, the least quantised first. */
  z.object({ kind: z.literal('ollama'), names: z.array(z.string().regex(/^[a-z0-9._-]+:[a-z0-9._-]+$/i)).min(1) }),
  z.object({
    kind: z.literal('hub'),
    repository: z.string().regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/),
    /** A branch or a commit. A branch is resolved to its commit when it is fetched, and that commit is recorded. */
    revision: z.string().regex(/^[\w.-]{1,60}$/),
  }),
  /** A GGUF file inside a Python package whose digest is in python-env/locks/<lock>.txt. */
  z.object({
    kind: z.literal('wheel'),
    lock: z.string().regex(/^[a-z0-9-]+$/),
    package: z.string(),
    member: z.string().regex(/^[\w-]+(\/[\w.-]+)+\.gguf$/),
    sizeBytes: z.number().int().positive(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
]);
export type BaseModelSource = z.infer<typeof baseModelSource>;

export const licence = z.object({
  /** SPDX id, or the publisher's own name for it. */
  name: z.string(),
  /** May be used, changed and sold without asking or conditions on use. */
  isOpen: z.boolean(),
  note: z.string().optional(),
});

export const catalogueEntry = z.object({
  id: baseModelId,
  name: z.string(),
  aliases: z.array(z.string().regex(/^[a-z0-9.-]+$/)),
  licence,
  /** The publisher asks for an account and consent before a download. */
  gated: z.boolean(),
  facts: modelFacts,
  /** Download size of the original weights. */
  sizeBytes: z.number().int().positive(),
  /** Name of the chat format. */
  template: z.enum(['chatml', 'llama3', 'zephyr', 'gemma', 'mistral', 'phi3']),
  /** One sentence: what this model is the right choice for. */
  bestUse: z.string(),
  sources: z.array(baseModelSource).min(1),
});
export type CatalogueEntry = z.infer<typeof catalogueEntry>;

export const catalogueFile = z
  .object({ v: z.literal(1), note: z.string(), default: baseModelId, models: z.array(catalogueEntry).min(1) })
  .refine(
    ({ models }) =>
      new Set(models.flatMap(({ id, aliases }) => [id, ...aliases])).size ===
      models.flatMap(({ id, aliases }) => [id, ...aliases]).length,
    {
      message: 'an id or alias is used twice',
    },
  )
  .refine((file) => file.models.some(({ id }) => id === file.default), { message: 'the default is not in the list' });
export type Catalogue = z.infer<typeof catalogueFile>;

/** A base model on this disk, as it came. */
export const baseModelFiles = z.object({ kind: z.enum(['gguf', 'folder']), path: z.string() });
export type BaseModelFiles = z.infer<typeof baseModelFiles>;

/** Bytes a training takes at its peak, by method; null where the machine's device has no such method. */
export const memoryByMethod = z.object({ lora: z.number(), qlora: z.number(), dora: z.number(), full: z.number() });
export type MemoryByMethod = z.infer<typeof memoryByMethod>;

export const baseModelView = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['ready', 'available', 'unknown']),
  /** For people: "in Ollama (smollm2:135m)", "in the Hugging Face hub", "a folder on this disk". */
  origin: z.string(),
  files: baseModelFiles.nullable(),
  /** Added by the person rather than from the catalogue. */
  isOwn: z.boolean(),
  facts: modelFacts.nullable(),
  licence: licence.nullable(),
  gated: z.boolean(),
  sizeBytes: z.number().nullable(),
  memory: memoryByMethod.nullable(),
  bestUse: z.string().nullable(),
  aliases: z.array(z.string()),
});
export type BaseModelView = z.infer<typeof baseModelView>;

/** What a finished download leaves beside its files: FORGE_HOME/base-models/<id>/source.json. */
export const baseModelReceipt = z.object({
  v: z.literal(1),
  id: baseModelId,
  origin: z.string(),
  files: baseModelFiles,
  /** Changes when the files change. */
  digest: z.string(),
  /** The hub's commit, when it came from there. */
  commit: z.string().nullable(),
  parts: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string().nullable() })),
  obtainedAt: z.number(),
});
export type BaseModelReceipt = z.infer<typeof baseModelReceipt>;

/** FORGE_HOME/base-models/own.json: models a person added from their disk. */
export const ownBaseModels = z.object({
  v: z.literal(1),
  models: z
    .array(z.object({ id: baseModelId, name: z.string(), files: baseModelFiles, addedAt: z.number() }))
    .max(1000),
});
export type OwnBaseModels = z.infer<typeof ownBaseModels>;
