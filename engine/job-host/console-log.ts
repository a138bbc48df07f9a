import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { Clock, Timer } from '#core/ports/clock.ts';
import { createConsoleRing, type ConsoleRing } from './console-ring.ts';

/** Output is gathered this long before it is written and shown. */
export const consoleBufferMs = 5;
/** A burst is written earlier when it reaches this size. */
const burstBytes = 256 * 1024;

export interface ConsoleLogOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Something new can be read from the ring. */
  readonly onFlushed: () => void;
  /** Bytes that could not be written (disk full). They are still in the ring; the run goes on. */
  readonly onLost: (bytes: number, reason: string) => void;
}

/** Takes what a terminal prints, always at once, and appends it to console.log. */
export class ConsoleLog {
  readonly ring: ConsoleRing;
  readonly #file: number;
  readonly #options: ConsoleLogOptions;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #timer: Timer | null = null;
  #closed = false;

  constructor(options: ConsoleLogOptions) {
    this.#options = options;
    this.#file = openSync(options.path, 'a');
    this.ring = createConsoleRing(fstatSync(this.#file).size);
  }

  append(bytes: Uint8Array): void {
    // What a straggler prints after its run was reported ended.
    if (this.#closed) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= burstBytes) this.flush();
    else this.#timer ??= this.#options.clock.after(consoleBufferMs, () => this.flush());
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#waitingBytes === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#write(bytes);
    this.ring.push(bytes);
    this.#options.onFlushed();
  }

  dispose(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    closeSync(this.#file);
  }

  #write(bytes: Uint8Array): void {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      this.#options.onLost(bytes.length - written, (error as Error).message);
    }
  }
}
