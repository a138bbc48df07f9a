import { diffPage, diffPageRequest, diffReport, versionPair } from '../dataset-diffs.ts';
import { foundryJob } from '../dataset-versions.ts';
import { procedure, requestId } from './procedure.ts';

/** Two dataset versions laid over each other. */
export const dataDiffProcedures = {
  /** Starts a diff; the result of its job is a `diffReport`. The same request id gives the same job. */
  start: procedure.input(versionPair.extend({ requestId })).output(foundryJob),
  /** The last finished diff of these two versions, or null. */
  report: procedure.input(versionPair).output(diffReport.nullable()),
  /** Rows of one kind of change, in the order of the file; of a finished diff. */
  page: procedure.input(diffPageRequest).output(diffPage),
};
