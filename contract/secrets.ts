import { z } from 'zod';

/** Longest value of a secret, in characters (UTF-16 units). */
export const longestSecret = 4096;

/** One known secret without its value: a value travels towards the engine only, never back. */
export const secretView = z.object({
  name: z.string(),
  /** What it is used for; a clause for people. */
  purpose: z.string(),
  hasValue: z.boolean(),
  /** The variable FORGE_SECRET_<NAME> of the engine's environment wins over the store; null without a value. */
  origin: z.enum(['environment', 'store']).nullable(),
  /** In words, e.g. "file, 0600" or "variable FORGE_SECRET_HF_TOKEN of the engine"; null without a value. */
  keptIn: z.string().nullable(),
});
export type SecretView = z.infer<typeof secretView>;
