import type { RejectReason } from '#contract/datasets.ts';
import type { CutRecord, RecordFlag } from '#core/foundry/record-source.ts';
import type { RecordWindow } from './record-window.ts';
import type { FallbackDecoder } from './fallback-encoding.ts';

/** What every way of cutting needs to know. */
export interface CutContext {
  /** Tried in order on a record that is not UTF-8 (D-4): declared, then detected. */
  readonly fallbacks: readonly FallbackDecoder[];
  /** A longer record is rejected as TOO_LONG without being kept. */
  readonly maximumRecordBytes: number;
}

/** Cuts one record after the other out of a window. */
export interface RecordCutter {
  /** The next record; undefined when the window holds no complete one (at its end: no more at all). */
  next(window: RecordWindow): CutRecord | undefined;
  /** In the middle of a record that is dropped piece by piece: no position can be taken here. */
  isSkipping(): boolean;
}

export interface Problem {
  readonly reason: RejectReason;
  readonly message: string;
}

export const noFlags: readonly RecordFlag[] = [];

/** As many bytes of a rejected record are kept (D-3). */
const headBytes = 2_000;

export type BadRecord = Extract<CutRecord, { kind: 'bad' }>;

/** A rejected record that is whole in the window. */
export function badRecord(window: RecordWindow, span: { from: number; to: number }, problem: Problem): BadRecord {
  const { from, to } = span;
  return {
    kind: 'bad',
    line: window.line,
    byteOffset: window.offsetOf(from),
    byteLength: window.lengthOf(from, to),
    flags: noFlags,
    reason: problem.reason,
    message: problem.message,
    head: new Uint8Array(window.bytes.subarray(from, Math.min(to, from + headBytes))),
  };
}

/** A rejected record that may be longer than memory: its first bytes are kept, the others only counted. */
export class SkippedRecord {
  private readonly begun: BadRecord;
  private readonly head: Buffer[] = [];
  private kept = 0;
  private byteLength = 0;

  /** Begins at `window.start`. */
  constructor(window: RecordWindow, problem: Problem) {
    this.begun = badRecord(window, { from: window.start, to: window.start }, problem);
  }

  /** Gives up everything of the window before `to`. */
  consume(window: RecordWindow, to: number): void {
    const { start } = window;
    const wanted = Math.min(to, start + headBytes - this.kept);
    if (wanted > start) {
      this.head.push(Buffer.from(window.bytes.subarray(start, wanted)));
      this.kept += wanted - start;
    }
    this.byteLength += window.lengthOf(start, to);
    window.advance(to, window.countLines(start, to));
  }

  finish(): BadRecord {
    return { ...this.begun, head: new Uint8Array(Buffer.concat(this.head)), byteLength: this.byteLength };
  }
}

export function tooLong(context: CutContext): Problem {
  const bytes = context.maximumRecordBytes;
  const limit = bytes < 2 ** 20 ? `${bytes} bytes` : `${Math.round(bytes / 2 ** 20)} MiB`;
  return { reason: 'TOO_LONG', message: `it is longer than ${limit}` };
}

/** True for spaces only, which are no record. */
export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let position = from; position < to; position += 1) {
    const byte = bytes[position] ?? 0;
    if (byte !== 32 && (byte < 9 || byte > 13)) return false;
  }
  return true;
}
