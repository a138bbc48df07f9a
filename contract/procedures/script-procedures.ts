import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { foundryJob } from '../dataset-versions.ts';
import {
  keptScript,
  sandboxPageTask,
  sandboxPageWord,
  sandboxReport,
  scriptName,
  scriptRequest,
  scriptReview,
  scriptSource,
} from '../scripts.ts';
import { procedure, requestId } from './procedure.ts';

/** `transform(row)` scripts over dataset versions, inside a sandbox (D-28 to D-31). */
export const scriptProcedures = {
  /** Every kind of sandbox, tried now, the one that is used first; some seconds. */
  sandboxes: procedure.output(z.array(sandboxReport)),
  /** The same in their order, only until one holds: it is the last. Without one they all are there. */
  usedSandbox: procedure.output(z.array(sandboxReport)),
  /** The script against the one that last ran under its name. Runs nothing. */
  review: procedure.input(z.object({ script: scriptName, source: scriptSource })).output(scriptReview),
  /** A try or a whole run as a job of the foundry; its result is a `scriptReport`. The same request id gives the same job. */
  run: procedure.input(z.object({ request: scriptRequest, requestId })).output(foundryJob),
  /** Keeps a script without running it, so that a step can name it by its digest. */
  keep: procedure.input(z.object({ script: scriptName, source: scriptSource })).output(keptScript),
  /** Kept scripts, newest first. */
  list: procedure.output(z.array(keptScript)),
  read: procedure.input(z.object({ script: scriptName })).output(z.object({ source: scriptSource })),
  /** A window offers to hold sandbox pages for as long as it listens; gives what it is to do. */
  holdPages: procedure.output(eventIterator(sandboxPageTask)),
  /** What a page said, passed on by the window that holds it. */
  pageSaid: procedure.input(sandboxPageWord).output(z.object({})),
};
