import { z } from 'zod';
import { dataExportRequest } from '../data-exports.ts';
import { foundryJob } from '../dataset-versions.ts';
import { procedure, requestId } from './procedure.ts';

/** Dataset versions as files for other trainers. */
export const dataExportProcedures = {
  /** A check or an export as a job of the foundry; its result is a `dataExportReport`. The same request id gives the same job. */
  run: procedure.input(z.object({ request: dataExportRequest, requestId })).output(foundryJob),
};
