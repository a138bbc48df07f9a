import { z } from 'zod';

/** A detector as data. */
export const packDetector = z.object({
  /** Lower case with dashes; the name of the mask is made of it: `docket-number` gives `<DOCKET_NUMBER_1>`. */
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  /**
   * What it looks like: `9` a digit, `A` a capital, `a` a small letter, `X` a capital or a digit, each with a count after it if need be (`9{6,10}`,
   * `A?`); every other character stands for itself. Without loops and choices, so no text can make it slow.
   */
  shape: z.string().min(1).max(200),
  /** One of these must stand within `reach` characters before it; without any the shape alone decides. */
  words: z.array(z.string().min(1).max(60)).min(1).max(50).optional(),
  /** Default 40. */
  reach: z.number().int().min(1).max(400).optional(),
  check: z.enum(['luhn', 'npi']).optional(),
});
export type PackDetector = z.infer<typeof packDetector>;

/** Detectors of a domain, e.g. healthcare or legal. `resources/checks/pii-packs.json` holds a list of them. */
export const piiPack = z.object({ id: z.string().min(1).max(60), detectors: z.array(packDetector).min(1).max(100) });
export type PiiPack = z.infer<typeof piiPack>;
