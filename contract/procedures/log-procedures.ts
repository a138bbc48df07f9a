import { z } from 'zod';
import { logLevel, logPage } from '../engine-log.ts';
import { procedure } from './procedure.ts';

const place = z.number().int().nonnegative().nullable().default(null);

export const logProcedures = {
  /**
   * The last lines of the engine's log; `before` pages back, `after` gives what was written since. The request per page is the backpressure.
   * A page may hold fewer lines than `limit`, even none, with more to come: at most 4 MB of the file are looked through for it.
   */
  tail: procedure
    .input(
      z
        .object({
          before: place,
          after: place,
          limit: z.number().int().min(1).max(1000).default(200),
          /** Lines below it are left out. */
          minimum: logLevel.default('debug'),
        })
        .refine(({ before, after }) => before === null || after === null, 'before or after, not both'),
    )
    .output(logPage),
};
