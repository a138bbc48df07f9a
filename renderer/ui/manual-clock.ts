import type { Clock } from './deferred-act.ts';

/** A clock that stands until it is moved; for tests. */
export interface ManualClock extends Clock {
  readonly advance: (milliseconds: number) => void;
  readonly waiting: () => number;
}

export function createManualClock(): ManualClock {
  let now = 0;
  let timers: readonly { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers = [...timers, timer];
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers = timers.filter((other) => other !== timer);
        timer.callback();
      }
    },
    waiting: () => timers.length,
  };
}
