import { ForgeError } from '#contract/errors.ts';
import type { ServingPolicy } from '#core/ports/model-server.ts';

/** How many of the latest answers the mean duration looks at. */
const rememberedAnswers = 20;

interface Waiter {
  readonly enter: () => void;
}

/** Lets at most `maximumSequences` callers in at a time, the others wait in order up to a limit. */
export class AdmissionQueue {
  readonly #maximumSequences: number;
  readonly #queueLimit: number;
  readonly #admit: ServingPolicy['admit'];
  readonly #waiters: Waiter[] = [];
  readonly #durationsMs: number[] = [];
  readonly #onIdle: () => void;
  #running = 0;

  constructor(options: {
    readonly maximumSequences: number;
    readonly queueLimit: number;
    readonly admit: ServingPolicy['admit'];
    /** Called whenever nobody runs or waits any more. */
    readonly onIdle: () => void;
  }) {
    this.#maximumSequences = options.maximumSequences;
    this.#queueLimit = options.queueLimit;
    this.#admit = options.admit;
    this.#onIdle = options.onIdle;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /**
   * Resolves when the caller may run, with the function that it must call at the end (more than once does no harm).
   * @throws ForgeError `serving.busy` at once when the queue is full, `serving.cancelled` when the signal aborts first.
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw new ForgeError('serving.cancelled');
    const { running, waiting } = this;
    const admission = this.#admit({
      running,
      waiting,
      maximumSequences: this.#maximumSequences,
      queueLimit: this.#queueLimit,
      meanAnswerMs: this.#meanMs(),
    });
    if (admission.kind === 'refuse') {
      throw new ForgeError('serving.busy', { running, waiting, retryAfterSeconds: admission.retryAfterSeconds });
    }
    if (admission.kind === 'wait') await this.#wait(signal);
    else this.#running += 1;
    return this.#exit();
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new ForgeError('serving.cancelled'));
      };
      const waiter: Waiter = {
        // The place of the one that leaves is handed over, so `running` does not change.
        enter: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#waiters.push(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #exit(): () => void {
    const startedMs = performance.now();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#durationsMs.push(performance.now() - startedMs);
      if (this.#durationsMs.length > rememberedAnswers) this.#durationsMs.shift();
      const next = this.#waiters.shift();
      if (next) next.enter();
      else this.#running -= 1;
      if (this.#running === 0) this.#onIdle();
    };
  }

  #meanMs(): number {
    const count = this.#durationsMs.length;
    return count === 0 ? 0 : this.#durationsMs.reduce((sum, value) => sum + value, 0) / count;
  }
}
