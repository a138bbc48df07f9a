import type { Clock, Timer } from './clock.ts';

interface Waiting {
  atMs: number;
  readonly periodMs: number | null;
  readonly run: () => void;
}

/** A clock that a test moves: `advance` runs due timers in order, `jumpWallClock` moves only the time people read. */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(wallMs = 1_800_000_000_000) {
    this.#wallMs = wallMs;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#add({ atMs: this.#monotonicMs + delayMs, periodMs: null, run });
  }

  every(periodMs: number, run: () => void): Timer {
    return this.#add({ atMs: this.#monotonicMs + periodMs, periodMs, run });
  }

  jumpWallClock(byMs: number): void {
    this.#wallMs += byMs;
  }

  advance(byMs: number): void {
    const end = this.#monotonicMs + byMs;
    for (let due = this.#nextDue(end); due !== undefined; due = this.#nextDue(end)) {
      this.#moveTo(due.atMs);
      if (due.periodMs === null) this.#waiting.delete(due);
      else due.atMs += due.periodMs;
      due.run();
    }
    this.#moveTo(end);
  }

  #nextDue(endMs: number): Waiting | undefined {
    return [...this.#waiting].filter(({ atMs }) => atMs <= endMs).sort((one, other) => one.atMs - other.atMs)[0];
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #add(waiting: Waiting): Timer {
    this.#waiting.add(waiting);
    return { cancel: () => void this.#waiting.delete(waiting) };
  }
}
