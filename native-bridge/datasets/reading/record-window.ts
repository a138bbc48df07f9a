import { isAscii, isUtf8 } from 'node:buffer';
import { LineEnds } from './byte-finder.ts';
import type { ByteInput } from './byte-input.ts';

const lineFeed = 10;
const carriageReturn = 13;
const byteOrderMark = Buffer.from('\uFEFF', 'utf8');

/** `ascii` and `utf-8` are proved for the bytes asked about; `other` has to be looked at closer. */
export type TextProof = 'ascii' | 'utf-8' | 'other';

/**
 * The part of a text that is in memory: `bytes[start, end)` is not cut yet. One buffer is used again and again, so whatever outlives the next `fill`
 * has to be copied out of it. It grows only as far as one record needs.
 */
export class RecordWindow {
  bytes: Buffer;
  start = 0;
  end = 0;
  /** No more bytes come after `end`. */
  atEnd = false;
  /** Line of bytes[start], from 1. */
  line: number;
  /** Changes with every `fill`: positions and searches of before mean nothing any more. */
  generation = 0;
  /** A NUL stands somewhere in [start, end). */
  hasNul = false;
  readonly ends = new LineEnds();
  private readonly input: ByteInput;
  /** Where `bytes[basePosition]` stands in the file's own bytes. */
  private base: number;
  private basePosition = 0;
  private proof: TextProof = 'other';
  private provedEnd = 0;

  constructor(input: ByteInput, at: { offset: number; line: number; windowBytes: number }) {
    this.input = input;
    this.base = at.offset;
    this.line = at.line;
    this.bytes = Buffer.allocUnsafeSlow(at.windowBytes);
  }

  /** Reads on behind what is not cut yet. Doubles the buffer when a record fills it, so that scanning a long record again costs twice its length at most. */
  async fill(): Promise<void> {
    this.makeRoom();
    while (this.end < this.bytes.length) {
      const length = await this.input.read(this.bytes, this.end);
      if (length === 0) {
        this.atEnd = true;
        break;
      }
      this.end += length;
    }
    this.generation += 1;
    this.prove();
  }

  /** Gives up [start, position): place and line of what follows are kept. */
  advance(position: number, lines: number): void {
    this.start = position;
    this.line += lines;
  }

  /** Steps over byte order marks at `start`, which files that were put together have in their middle. False: more bytes are needed to say. */
  passMark(): boolean {
    const { bytes } = this;
    const { length } = byteOrderMark;
    while (this.start < this.end && bytes[this.start] === byteOrderMark[0]) {
      if (this.end - this.start < length) return this.atEnd;
      if (bytes.compare(byteOrderMark, 0, length, this.start, this.start + length) !== 0) return true;
      this.start += length;
    }
    return true;
  }

  /** Byte offset of a position in the file; positions are asked in rising order. */
  offsetOf(position: number): number {
    this.base += this.lengthOf(this.basePosition, position);
    this.basePosition = position;
    return this.base;
  }

  /** Bytes of the file that [from, to) stands for. */
  lengthOf(from: number, to: number): number {
    return this.input.sourceLength?.(this.bytes, from, to) ?? to - from;
  }

  /** The file has another encoding than UTF-8 and was converted on the way in. */
  get isConverted(): boolean {
    return this.input.sourceLength !== undefined;
  }

  damage(): string | undefined {
    return this.input.damage?.();
  }

  textOf(from: number, to: number): TextProof {
    if (to <= this.provedEnd) return this.proof;
    return proofOf(this.bytes.subarray(from, to));
  }

  /** Position of the next LF or CR at or behind `from`; -1 when none is in the window. */
  lineEnd(from: number): number {
    const found = this.ends.next(from);
    return found < this.end ? found : -1;
  }

  /** Position behind the line end at `position`; -1 where a CR is the last byte so far and an LF may follow. */
  behindLineEnd(position: number): number {
    if (this.bytes[position] !== carriageReturn) return position + 1;
    if (position + 1 === this.end) return this.atEnd ? position + 1 : -1;
    return this.bytes[position + 1] === lineFeed ? position + 2 : position + 1;
  }

  /** Line ends in [from, to). */
  countLines(from: number, to: number): number {
    return this.ends.count(from, to);
  }

  private makeRoom(): void {
    const kept = this.end - this.start;
    this.offsetOf(this.start);
    if (kept === this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(this.bytes.length * 2);
      this.bytes.copy(larger, 0, this.start, this.end);
      this.bytes = larger;
    } else this.bytes.copyWithin(0, this.start, this.end);
    [this.start, this.end, this.basePosition] = [0, kept, 0];
  }

  /** One look at the whole window saves a look at each record of it. A character cut in two by the window's end is left out of the proof. */
  private prove(): void {
    const last = this.bytes.lastIndexOf(lineFeed, Math.max(0, this.end - 1));
    this.provedEnd = this.atEnd ? this.end : last >= 0 && last < this.end ? last + 1 : 0;
    this.proof = proofOf(this.bytes.subarray(0, this.provedEnd));
    if (this.proof === 'other') this.provedEnd = 0;
    this.ends.use(this.bytes, this.end);
    const nul = this.bytes.indexOf(0);
    this.hasNul = nul !== -1 && nul < this.end;
  }
}

function proofOf(bytes: Buffer): TextProof {
  if (isAscii(bytes)) return 'ascii';
  return isUtf8(bytes) ? 'utf-8' : 'other';
}
