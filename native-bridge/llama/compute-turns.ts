type Manner = 'alone' | 'together';

interface Waiting {
  readonly manner: Manner;
  readonly start: () => void;
}

/**
 * Who may compute next: in order of arrival, either one step alone or several steps together (in one batch of llama.cpp).
 *
 * Greedy and seeded answers are computed alone: with 4 conversations in one batch 4 of 4 greedy answers differed from those
 * computed alone (SmolLM2-135M, Q4_1, 2 cores), because the kernels differ by batch size. The library's own queue is not used for
 * it, since it keeps the context locked while anything waits in it: a fourth conversation then waited for the end of a whole
 * answer to get its first token.
 */
export class ComputeTurns {
  readonly #waiting: Waiting[] = [];
  #alone = false;
  #together = 0;

  async take<T>(manner: Manner, step: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#waiting.push({ manner, start: resolve });
      this.#startNext();
    });
    try {
      return await step();
    } finally {
      if (manner === 'alone') this.#alone = false;
      else this.#together -= 1;
      this.#startNext();
    }
  }

  #startNext(): void {
    for (let next = this.#waiting[0]; next && this.#mayStart(next.manner); next = this.#waiting[0]) {
      this.#waiting.shift();
      if (next.manner === 'alone') this.#alone = true;
      else this.#together += 1;
      next.start();
    }
  }

  #mayStart(manner: Manner): boolean {
    return !this.#alone && (manner === 'together' || this.#together === 0);
  }
}
