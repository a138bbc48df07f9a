import { z } from 'zod';

/** An expected error in the shape in which it travels and is kept. */
export const forgeErrorData = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** What to do at the window, where that is not `remedy`. */
  windowRemedy: z.string().optional(),
  retryable: z.boolean(),
  exitCode: z.number().int(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  correlationId: z.string().nullable(),
});
export type ForgeErrorData = z.infer<typeof forgeErrorData>;
