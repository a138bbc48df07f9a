import { z } from 'zod';
import { comparedModel, tokenPrice } from '#contract/comparisons.ts';

/** A model of a comparison as it was when the comparison began, so that it can be read when the provider is gone. */
export const comparedEntry = z.object({
  model: comparedModel,
  label: z.string(),
  /** Null: it costs nothing, or nobody knows; see `pricing`. */
  pricing: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('free') }),
    z.object({ kind: z.literal('priced'), price: tokenPrice }),
    z.object({ kind: z.literal('unknown'), dearest: tokenPrice.pick({ inputUsd: true, outputUsd: true }) }),
  ]),
  /** Every word that would give the model away: provider, address, name of its key. */
  names: z.array(z.string()),
});
export type ComparedEntry = z.infer<typeof comparedEntry>;
