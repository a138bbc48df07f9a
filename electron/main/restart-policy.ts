/** How often a helper process may be started again before Forge stops trying. */
export const restartWindowMs = 10 * 60_000;
export const restartsPerWindow = 5;
const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * How long to wait before the next start after an unexpected end, or null when it ended too often. `ends` are the times (ms) of all unexpected ends, the newest last.
 */
export function nextRestartMs(ends: readonly number[], nowMs: number): number | null {
  const recent = ends.filter((end) => nowMs - end < restartWindowMs).length;
  if (recent > restartsPerWindow) return null;
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.max(0, recent - 1));
}
