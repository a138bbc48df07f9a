import type { Clock } from '#core/ports/clock.ts';

/**
 * The machine's clocks. `performance.now` stands on the system's monotonic clock: it does not jump with the wall clock
 * and does not count the time a laptop sleeps.
 */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every: (periodMs, run) => {
    const timer = setInterval(run, periodMs);
    return { cancel: () => clearInterval(timer) };
  },
};
