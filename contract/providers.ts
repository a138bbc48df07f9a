import { z } from 'zod';
import { forgeErrorData } from './error-data.ts';

/** Wire formats that Forge speaks to clouds. */
export const providerFormats = ['openai', 'anthropic', 'google', 'openrouter', 'openai-compatible'] as const;
export const providerFormat = z.enum(providerFormats);
export type ProviderFormat = z.infer<typeof providerFormat>;

/** A cloud, or any server that speaks OpenAI's format. Its key lives in the secret store as `provider_<id>` and never comes back. */
export const providerView = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  name: z.string(),
  format: providerFormat,
  /** Base address; https, or loopback. */
  address: z.string(),
  isBuiltIn: z.boolean(),
  hasKey: z.boolean(),
  /** False for a server on this machine that wants none. */
  needsKey: z.boolean(),
  /** Model ids that can be chosen; a person may type any other. */
  models: z.array(z.string()),
  /** Where a person gets a key. */
  keySource: z.string().nullable(),
});
export type ProviderView = z.infer<typeof providerView>;

export const providerTest = z.object({
  ok: z.boolean(),
  /** One sentence: what came back, or what to do. */
  text: z.string(),
  milliseconds: z.number().nullable(),
  models: z.array(z.string()),
  /** Why it did not answer as it should, with the remedy; null when `ok`. */
  failure: forgeErrorData.nullable(),
});
