import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const bufferBytes = 1_048_576;
/** A UTF-16 unit is at most this many bytes of UTF-8. */
const bytesPerUnit = 3;
const syncData = promisify(fdatasync);

/**
 * A file that only grows. What is appended waits in one buffer that is used again and again: millions of rows cost no memory. Everything is synchronous but
 * `sync`, for a thread of its own. A failed write names the file, so that a full disk can be told.
 */
export class AppendFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #waiting = 0;
  /** Bytes on the disk. */
  #written: number;

  /** Opens or makes the file and cuts off everything behind `length`: what was written after the last checkpoint. */
  constructor(path: string, length: number) {
    this.path = path;
    this.#descriptor = openSync(path, length === 0 ? 'w' : 'r+');
    ftruncateSync(this.#descriptor, length);
    this.#written = length;
  }

  /** Bytes, with those that wait to be written. */
  get length(): number {
    return this.#written + this.#waiting;
  }

  /** The bytes are copied; the caller may use theirs again. */
  append(bytes: Uint8Array): void {
    if (bytes.length > this.#buffer.length - this.#waiting) this.flush();
    if (bytes.length > this.#buffer.length) return this.#write(bytes);
    this.#buffer.set(bytes, this.#waiting);
    this.#waiting += bytes.length;
  }

  /** The text in UTF-8. */
  appendText(text: string): void {
    const most = text.length * bytesPerUnit;
    if (most > this.#buffer.length - this.#waiting) this.flush();
    if (most > this.#buffer.length) return this.#write(Buffer.from(text));
    this.#waiting += this.#buffer.write(text, this.#waiting);
  }

  flush(): void {
    if (this.#waiting === 0) return;
    const bytes = this.#buffer.subarray(0, this.#waiting);
    this.#waiting = 0;
    this.#write(bytes);
  }

  /** Resolves once everything appended before the call outlives a power loss. */
  async sync(): Promise<void> {
    this.flush();
    await syncData(this.#descriptor).catch((error: unknown) => {
      throw Object.assign(error as Error, { path: this.path });
    });
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let from = 0; from < bytes.length;) {
        const count = writeSync(this.#descriptor, bytes, from, bytes.length - from, this.#written);
        from += count;
        this.#written += count;
      }
    } catch (error) {
      throw Object.assign(error as Error, { path: this.path });
    }
  }
}
