import { z } from 'zod';
import { domainId, shownDomain } from '../domain-packs.ts';
import { procedure, requestId } from './procedure.ts';

/** Domain packs: the shipped ones and those in `FORGE_HOME/domains`, where one of the same id goes before the shipped one. */
export const domainProcedures = {
  list: procedure.output(z.array(shownDomain)),
  /** Fails with `domain.invalid` where something is wrong in it. */
  show: procedure.input(z.object({ id: domainId })).output(shownDomain),
  /** Writes `FORGE_HOME/domains/<id>.json` to be filled in by hand; never over a file that is there. */
  create: procedure
    .input(
      z.object({
        id: domainId,
        name: z.string().min(1).max(100).nullable().default(null),
        /** A pack whose settings it begins with. */
        like: domainId.nullable().default(null),
        requestId,
      }),
    )
    .output(shownDomain),
};
