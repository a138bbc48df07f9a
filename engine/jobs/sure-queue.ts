import type { Clock, Timer } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';

const retryMs = 1_000;
const storageTrouble = /^(ENOSPC|EDQUOT|EIO|EROFS|EMFILE|ENFILE|SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN))/;

/** True for trouble of the disk, which may pass; everything else that is thrown is a bug. */
export function isStorageTrouble(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' && storageTrouble.test(code);
}

/**
 * Work that must happen, in order: what fails for want of disk is tried again every second, and what came later waits.
 * Other exceptions pass through.
 */
export class SureQueue {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #waiting: (() => void)[] = [];
  #retry: Timer | null = null;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  run(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#drain();
  }

  stop(): void {
    this.#retry?.cancel();
    this.#waiting = [];
  }

  #drain(): void {
    for (let work = this.#waiting[0]; work !== undefined; work = this.#waiting[0]) {
      try {
        work();
      } catch (error) {
        if (!isStorageTrouble(error)) {
          this.#waiting.shift();
          throw error;
        }
        this.#logger.error({ error, waiting: this.#waiting.length }, 'a move could not be stored; trying again');
        this.#retry = this.#clock.after(retryMs, () => this.#drain());
        return;
      }
      this.#waiting.shift();
    }
  }
}
