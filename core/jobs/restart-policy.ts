/** A process that dies is started again, later each time, at most this often in the window. */
export const maximumRestarts = 5;
export const restartWindowMs = 10 * 60_000;
const firstDelayMs = 100;
const longestDelayMs = 10_000;

/** `failed` tells the log that the limit is reached; the start then waits until the oldest one leaves the window. */
export interface RestartPlan {
  readonly afterMs: number;
  readonly limitReached: boolean;
}

/**
 * When to start a process again.
 * @param earlier monotonic times of earlier restarts, oldest first
 * @param nowMs monotonic time now
 */
export function planRestart(earlier: readonly number[], nowMs: number): RestartPlan {
  const recent = earlier.filter((time) => nowMs - time < restartWindowMs);
  const oldest = recent[recent.length - maximumRestarts];
  if (oldest !== undefined) return { afterMs: oldest + restartWindowMs - nowMs, limitReached: true };
  return { afterMs: Math.min(longestDelayMs, firstDelayMs * 4 ** recent.length), limitReached: false };
}
