/** A timer that was set; `cancel` is repeatable. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as an argument. Timestamps for people come from `nowMs` (may jump: NTP, suspend, a wrong battery); every duration
 * and deadline uses `monotonicMs`, which never goes back and is not comparable between processes.
 */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start, never decreasing. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs` of monotonic time. */
  after(delayMs: number, run: () => void): Timer;
  /** Calls `run` each `periodMs` until cancelled. */
  every(periodMs: number, run: () => void): Timer;
}
