export interface ModelUsersOptions {
  /** Without users for this long, `onIdle` is called; null never. */
  readonly idleMs: number | null;
  /** Whether conversations hold the model beyond the users counted here. */
  readonly hasRunning: () => boolean;
  readonly onIdle: () => void;
}

/** Who uses the loaded model now: a load waits until nobody does, and a model that nobody has used for a while is let go. */
export class ModelUsers {
  readonly #options: ModelUsersOptions;
  #active = 0;
  #drained: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: ModelUsersOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#active > 0 || this.#options.hasRunning();
  }

  add(): void {
    this.#active += 1;
  }

  remove(): void {
    this.#active -= 1;
    this.settle();
  }

  /** Resolves when no user is left. */
  untilDrained(): Promise<void> {
    if (this.#active === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Somebody is about to use the model. */
  stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Somebody stopped using it, or it was loaded: lets waiting loads go on and begins to count the idle time. */
  settle(): void {
    if (this.#active > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
    this.stopTimer();
    const { idleMs, onIdle } = this.#options;
    if (idleMs === null || this.#closed || this.isBusy) return;
    this.#timer = setTimeout(onIdle, idleMs);
    this.#timer.unref();
  }

  /** No timer begins any more. */
  close(): void {
    this.#closed = true;
    this.stopTimer();
  }
}
