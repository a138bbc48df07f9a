import { z } from 'zod';
import { procedure } from './procedure.ts';

const engineStatus = z.object({
  protocol: z.number(),
  version: z.string(),
  pid: z.number(),
  home: z.string(),
  startedAt: z.number(),
  memoryBytes: z.number(),
});

export const engineProcedures = {
  /** The first call on every connection; a mismatch is `engine.protocol-mismatch`. */
  hello: procedure.input(z.object({ protocol: z.number(), appVersion: z.string() })).output(engineStatus),
  status: procedure.output(engineStatus),
  /** Leaves workers running; they are adopted by the next engine. */
  stop: procedure.output(z.object({ stopping: z.literal(true) })),
  rebuildIndex: procedure.output(
    z.object({ jobs: z.number(), attempts: z.number(), events: z.number(), seconds: z.number() }),
  ),
};
