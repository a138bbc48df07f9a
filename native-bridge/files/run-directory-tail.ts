import { closeSync, readSync } from 'node:fs';
import { maximumEventLineBytes } from '#contract/events.ts';
import type { TailedEvent, TailLosses } from '#core/ports/job-host.ts';
import { openOrNull } from './open-or-null.ts';

const readBytes = 256 * 1024;
const newline = 0x0a;
/** A batch ends when its lines reach this size, so that a message to the engine stays small. */
const batchBytes = 1_048_576;

export interface TailBatch {
  readonly events: readonly TailedEvent[];
  /** Byte offset behind the last whole line taken in; start the next tail there. */
  readonly nextOffset: number;
  readonly losses: TailLosses;
}

export interface EventTail {
  /** The events that are there now, at most `maximumEvents`; none when nothing is new. */
  read(maximumEvents: number): TailBatch;
  /** After the end of the run: a rest without newline is dropped and counted. Call when `read` yields no more. */
  finish(): TailBatch;
  dispose(): void;
}

/**
 * Follows an `events.jsonl` that a worker appends to. Half a line is kept until its newline comes; lines that are too
 * long, no JSON or of another major version are counted, not taken in. The file may not exist yet.
 */
export function createEventTail(
  path: string,
  offset: number,
  maximumLineBytes: number = maximumEventLineBytes,
): EventTail {
  return new FileTail(path, offset, maximumLineBytes);
}

class FileTail implements EventTail {
  readonly #path: string;
  readonly #maximumLineBytes: number;
  readonly #buffer = Buffer.allocUnsafe(readBytes);
  readonly #losses = { malformed: 0, oversized: 0, refused: 0, torn: 0 };
  #file: number | null = null;
  /** Behind the last whole line handed out. */
  #lineOffset: number;
  /** Bytes read and not yet handed out; they begin at `#lineOffset` (+ what is skipped of a long line). */
  #rest: Buffer = Buffer.alloc(0);
  #readOffset: number;
  #skipping = false;

  constructor(path: string, offset: number, maximumLineBytes: number) {
    this.#path = path;
    this.#lineOffset = offset;
    this.#readOffset = offset;
    this.#maximumLineBytes = maximumLineBytes;
  }

  read(maximumEvents: number): TailBatch {
    const events: TailedEvent[] = [];
    const endOffset = this.#lineOffset + batchBytes;
    const full = (): boolean => events.length >= maximumEvents || this.#lineOffset >= endOffset;
    do {
      this.#takeLines(events, full);
    } while (!full() && this.#fill());
    return this.#batch(events);
  }

  finish(): TailBatch {
    if (this.#rest.length > 0 || this.#skipping) this.#losses.torn += 1;
    this.#lineOffset = this.#readOffset;
    this.#rest = Buffer.alloc(0);
    this.#skipping = false;
    return this.#batch([]);
  }

  dispose(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #batch(events: readonly TailedEvent[]): TailBatch {
    return { events, nextOffset: this.#lineOffset, losses: { ...this.#losses } };
  }

  #takeLines(events: TailedEvent[], full: () => boolean): void {
    let start = 0;
    const restOffset = this.#readOffset - this.#rest.length;
    while (!full()) {
      const end = this.#rest.indexOf(newline, start);
      if (end < 0) break;
      const line = this.#rest.subarray(start, end);
      if (this.#skipping) this.#endLongLine();
      else this.#takeLine(line, events);
      start = end + 1;
      this.#lineOffset = restOffset + start;
    }
    this.#rest = this.#rest.subarray(start);
    const long = this.#skipping || this.#rest.length > this.#maximumLineBytes;
    if (!long || this.#rest.indexOf(newline) >= 0) return;
    this.#skipping = true;
    this.#rest = Buffer.alloc(0);
  }

  /** Counted at its newline only, because only then the offset moves past it: a later tail must not count it again. */
  #endLongLine(): void {
    this.#losses.oversized += 1;
    this.#skipping = false;
  }

  #takeLine(line: Buffer, events: TailedEvent[]): void {
    if (line.length === 0) return;
    if (line.length > this.#maximumLineBytes) {
      this.#losses.oversized += 1;
      return;
    }
    const read = parseEnvelope(line.toString('utf8'));
    if (typeof read === 'string') this.#losses[read] += 1;
    else events.push(read);
  }

  /** Reads the next piece of the file; false when there is none. */
  #fill(): boolean {
    this.#file ??= openOrNull(this.#path);
    if (this.#file === null) return false;
    const count = readSync(this.#file, this.#buffer, 0, readBytes, this.#readOffset);
    if (count === 0) return false;
    this.#readOffset += count;
    this.#rest = Buffer.concat([this.#rest, this.#buffer.subarray(0, count)]);
    return true;
  }
}

function parseEnvelope(line: string): TailedEvent | 'malformed' | 'refused' {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Counted by the caller; a damaged line must not stop the ones behind it.
    return 'malformed';
  }
  if (typeof value !== 'object' || value === null) return 'malformed';
  const { v, run, seq, t, type } = value as Readonly<Record<string, unknown>>;
  if (typeof v === 'number' && v !== 1) return 'refused';
  const whole =
    v === 1 &&
    typeof run === 'string' &&
    typeof seq === 'number' &&
    Number.isSafeInteger(seq) &&
    seq > 0 &&
    typeof t === 'number' &&
    typeof type === 'string';
  return whole ? (value as TailedEvent) : 'malformed';
}
