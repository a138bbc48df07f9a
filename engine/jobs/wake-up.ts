/** Lets readers sleep until something changed. A change between two waits is not lost. */
export class WakeUp {
  #version = 0;
  readonly #sleepers = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  signal(): void {
    this.#version += 1;
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Resolves at once when something changed since `version`; else at the next change or abort. Never rejects. */
  after(version: number, signal: AbortSignal): Promise<void> {
    if (this.#version !== version || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#sleepers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  /** Readers asleep; for leak tests. */
  get sleeperCount(): number {
    return this.#sleepers.size;
  }
}

/** One `WakeUp` per key, kept only while it has readers. */
export class WakeUps {
  readonly #byKey = new Map<string, { readonly wakeUp: WakeUp; readers: number }>();

  signal(key: string): void {
    this.#byKey.get(key)?.wakeUp.signal();
  }

  signalAll(): void {
    for (const { wakeUp } of this.#byKey.values()) wakeUp.signal();
  }

  /** Call `release` when done reading. */
  acquire(key: string): { readonly wakeUp: WakeUp; release: () => void } {
    const entry = this.#byKey.get(key) ?? { wakeUp: new WakeUp(), readers: 0 };
    this.#byKey.set(key, entry);
    entry.readers += 1;
    const release = (): void => {
      entry.readers -= 1;
      if (entry.readers === 0) this.#byKey.delete(key);
    };
    return { wakeUp: entry.wakeUp, release };
  }

  /** Asks again at every change of a key until there is an answer; null when the signal aborts first. */
  async until<T>(key: string, signal: AbortSignal, answer: () => T | null): Promise<T | null> {
    const { wakeUp, release } = this.acquire(key);
    try {
      while (!signal.aborted) {
        const { version } = wakeUp;
        const found = answer();
        if (found !== null) return found;
        await wakeUp.after(version, signal);
      }
      return null;
    } finally {
      release();
    }
  }

  /** Keys with readers; for leak tests. */
  get size(): number {
    return this.#byKey.size;
  }
}
