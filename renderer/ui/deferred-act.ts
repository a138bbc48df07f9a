export interface DeferredAct {
  /** Runs `commit` now if nothing has happened yet. */
  readonly commitNow: () => void;
  /** Takes it back if it has not been committed; false when it was too late or done already. */
  readonly undo: () => boolean;
  /** Stops the clock (the pointer is on the notice) and lets it go on with what was left. */
  readonly hold: () => void;
  readonly release: () => void;
  /** Forgets the act without running anything: the window closes. */
  readonly drop: () => void;
}

export interface Clock {
  readonly now: () => number;
  /** Calls back once after `delayMs`; the result stops it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

export const windowClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export interface DeferredActOptions {
  readonly delayMs: number;
  readonly commit: () => void;
  readonly undo?: (() => void) | undefined;
  readonly clock?: Clock;
}

/**
 * Something that will be done unless it is taken back in time: exactly one of `commit` and `undo` runs, and at most once. Closing the
 * window runs neither.
 */
export function deferAct({ delayMs, commit, undo, clock = windowClock }: DeferredActOptions): DeferredAct {
  let isSettled = false;
  let leftMs = delayMs;
  let startedAt = clock.now();
  let stop: (() => void) | null = null;
  const pause = (): void => {
    if (stop === null) return;
    stop();
    stop = null;
    leftMs -= clock.now() - startedAt;
  };
  const settle = (then?: () => void): boolean => {
    if (isSettled) return false;
    isSettled = true;
    pause();
    then?.();
    return true;
  };
  const start = (): void => {
    if (isSettled || stop !== null) return;
    startedAt = clock.now();
    stop = clock.after(Math.max(0, leftMs), () => settle(commit));
  };
  start();
  return {
    commitNow: () => void settle(commit),
    undo: () => settle(undo),
    hold: pause,
    release: start,
    drop: () => void settle(),
  };
}
