import type { Clock, Timer } from '#core/ports/clock.ts';

const checkMs = 5_000;
/** Checks without an event: a worker sends a heartbeat every 5 s, so this many missed ones mean that it hangs. */
export const silentChecks = 24;
/** Before its first event a worker loads its interpreter and packages from a cold disk. */
export const silentChecksAtStart = 120;

export interface LiveAttempt {
  readonly jobId: string;
  readonly attempt: number;
  /** The job host was told of it, now or by an earlier engine. */
  readonly started: boolean;
}

interface Entry {
  live: LiveAttempt;
  silent: number;
  allowed: number;
}

/**
 * The attempts that have or may have a process, and how long each was silent. Silence is counted in checks of this
 * process's own timer, never by comparing wall clocks: neither a clock that jumps nor an engine that was held up kills a run.
 */
export class LiveAttempts {
  readonly #clock: Clock;
  readonly #onSilent: (jobId: string) => void;
  readonly #entries = new Map<string, Entry>();
  #timer: Timer | null = null;

  constructor(clock: Clock, onSilent: (jobId: string) => void) {
    this.#clock = clock;
    this.#onSilent = onSilent;
  }

  start(): void {
    this.#timer ??= this.#clock.every(checkMs, () => this.#check());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  add(live: LiveAttempt): void {
    this.#entries.set(live.jobId, { live, silent: 0, allowed: silentChecksAtStart });
  }

  remove(jobId: string): void {
    this.#entries.delete(jobId);
  }

  heard(jobId: string): void {
    const entry = this.#entries.get(jobId);
    if (entry === undefined) return;
    entry.silent = 0;
    entry.allowed = silentChecks;
  }

  get(jobId: string): LiveAttempt | null {
    return this.#entries.get(jobId)?.live ?? null;
  }

  /** The attempt with this run name ("<job>/<attempt>"); null when it is another attempt's or no longer awaited. */
  byRun(run: string): LiveAttempt | null {
    const live = this.get(run.slice(0, run.lastIndexOf('/')));
    return live !== null && run === `${live.jobId}/${live.attempt}` ? live : null;
  }

  list(): readonly LiveAttempt[] {
    return [...this.#entries.values()].map(({ live }) => live);
  }

  #check(): void {
    for (const entry of this.#entries.values()) {
      if (!entry.live.started) continue;
      entry.silent += 1;
      if (entry.silent < entry.allowed) continue;
      entry.silent = 0;
      this.#onSilent(entry.live.jobId);
    }
  }
}
