import { ForgeError } from '#contract/errors.ts';

/** A request waits for a restart that is at most this far away; otherwise it is refused. */
const longestWaitMs = 4_000;

/** How often a process ended by itself in a row, and when it may be started again. */
export class RestartBackoff {
  readonly #delayMs: (crashesInARow: number) => number;
  #inARow = 0;
  #restartAtMs = 0;
  total = 0;

  constructor(delayMs: (crashesInARow: number) => number) {
    this.#delayMs = delayMs;
  }

  crashed(): void {
    this.total += 1;
    this.#inARow += 1;
    this.#restartAtMs = Date.now() + this.#delayMs(this.#inARow);
  }

  /** The process did its work: the next crash counts as the first. */
  worked(): void {
    this.#inARow = 0;
  }

  isWaiting(): boolean {
    return this.#inARow > 0 && Date.now() < this.#restartAtMs;
  }

  /**
   * Resolves when a start is due.
   * @throws ForgeError `serving.keeps-crashing` when that is too far away to wait for.
   */
  async untilDue(): Promise<void> {
    if (!this.isWaiting()) return;
    const waitMs = this.#restartAtMs - Date.now();
    if (waitMs > longestWaitMs) {
      throw new ForgeError('serving.keeps-crashing', { crashes: this.#inARow, waitSeconds: Math.ceil(waitMs / 1000) });
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
