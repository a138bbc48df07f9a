import { z } from 'zod';
import { foundryJob } from '../dataset-versions.ts';
import { documentRequest } from '../document-imports.ts';
import { procedure, requestId } from './procedure.ts';

/** Documents as dataset versions of kind `text`. */
export const documentProcedures = {
  /** A job of the foundry; its result is a `documentReport`. The same request id gives the same job. */
  import: procedure.input(z.object({ request: documentRequest, requestId })).output(foundryJob),
};
