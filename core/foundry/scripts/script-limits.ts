import type { ScriptLimits } from './sandbox.ts';

/** Rows in one message (D-28). */
export const messageRows = 5_000;
/** Rows of the first run, which is shown with before and after (D-28). */
export const triedRows = 200;

const secondsForTenThousandRows = 60;
/** A handful of rows is no slower than the machine's worst moment. */
const shortestMessageMs = 5_000;

/** D-29: 60 s for 10,000 rows, 1 GiB, 64 MB of output in one message. */
export const scriptLimits: ScriptLimits = {
  startMs: 15_000,
  messageMs: (rows) => Math.max(shortestMessageMs, (rows / 10_000) * secondsForTenThousandRows * 1000),
  rowMs: shortestMessageMs,
  memoryBytes: 1_073_741_824,
  outputBytes: 64_000_000,
};
