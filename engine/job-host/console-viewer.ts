import { closeSync, readSync } from 'node:fs';
import type { HostMessage } from '#core/ports/job-host.ts';
import { openOrNull } from '#native-bridge/files/open-or-null.ts';
import type { ConsoleRing } from './console-ring.ts';

/** Sent to a viewer and not yet acknowledged: at most this many bytes. */
export const unacknowledgedBytes = 100_000;
const messageBytes = 32_768;

export interface ConsoleViewerOptions {
  readonly viewer: number;
  readonly offset: number;
  /** console.log of the attempt, read when there is no live terminal. */
  readonly path: string;
  readonly send: (message: HostMessage) => void;
}

/** One reader of a console: pulls from the ring of a live terminal, or from the file, never ahead of its window. */
export class ConsoleViewer {
  readonly #options: ConsoleViewerOptions;
  #offset: number;
  #inFlight = 0;

  constructor(options: ConsoleViewerOptions) {
    this.#options = options;
    this.#offset = options.offset;
  }

  acknowledge(bytes: number): void {
    this.#inFlight = Math.max(0, this.#inFlight - bytes);
  }

  /** Sends what the window allows. @returns true when the viewer has all there is */
  pump(ring: ConsoleRing | null): boolean {
    if (ring !== null && this.#offset < ring.startOffset) this.#skipTo(ring.startOffset);
    while (this.#inFlight < unacknowledgedBytes) {
      const limit = Math.min(messageBytes, unacknowledgedBytes - this.#inFlight);
      const bytes = ring === null ? this.#readFile(limit) : ring.read(this.#offset, limit);
      if (bytes.length === 0) return true;
      const { viewer, send } = this.#options;
      send({ kind: 'console', viewer, offset: this.#offset, bytes });
      this.#offset += bytes.length;
      this.#inFlight += bytes.length;
    }
    return false;
  }

  end(): void {
    this.#options.send({ kind: 'console-ended', viewer: this.#options.viewer });
  }

  #skipTo(offset: number): void {
    this.#options.send({ kind: 'console-skipped', viewer: this.#options.viewer, from: this.#offset, to: offset });
    this.#offset = offset;
  }

  #readFile(limit: number): Uint8Array {
    const file = openOrNull(this.#options.path);
    if (file === null) return new Uint8Array();
    try {
      const bytes = new Uint8Array(limit);
      return bytes.subarray(0, readSync(file, bytes, 0, limit, this.#offset));
    } finally {
      closeSync(file);
    }
  }
}
