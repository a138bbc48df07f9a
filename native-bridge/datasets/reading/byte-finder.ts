/**
 * Finds one byte again and again in the same buffer. What was found last answers every question up to there, so that a byte that is rare or missing is not
 * searched for anew by every record.
 */
export class ByteFinder {
  private readonly byte: number;
  private bytes: Buffer = Buffer.alloc(0);
  private end = 0;
  private from = 0;
  private found = -1;

  constructor(byte: number) {
    this.byte = byte;
  }

  /** From now on bytes[0, end) are searched. */
  use(bytes: Buffer, end: number): void {
    this.bytes = bytes;
    this.end = end;
    this.search(0);
  }

  /** Position of the next such byte at or behind `position`; `end` when there is none. */
  next(position: number): number {
    if (position < this.from || position > this.found) this.search(position);
    return this.found;
  }

  private search(position: number): void {
    const found = this.bytes.indexOf(this.byte, position);
    this.from = position;
    this.found = found === -1 || found > this.end ? this.end : found;
  }
}

const carriageReturn = 13;
const lineFeed = 10;

/** Line ends of a buffer: LF, CRLF or CR. */
export class LineEnds {
  private readonly feeds = new ByteFinder(lineFeed);
  private readonly returns = new ByteFinder(carriageReturn);
  private bytes: Buffer = Buffer.alloc(0);
  private end = 0;

  use(bytes: Buffer, end: number): void {
    this.bytes = bytes;
    this.end = end;
    this.feeds.use(bytes, end);
    this.returns.use(bytes, end);
  }

  /** Position of the next LF or CR at or behind `position`; the buffer's end when there is none. */
  next(position: number): number {
    return Math.min(this.feeds.next(position), this.returns.next(position));
  }

  /** Line ends in [from, to): LF, CRLF and lone CR count one each. A CRLF that `to` cuts in two is counted with its LF. */
  count(from: number, to: number): number {
    let lines = 0;
    for (let position = this.next(from); position < to; position = this.next(position + 1)) {
      const isPair =
        this.bytes[position] === carriageReturn && position + 1 < this.end && this.bytes[position + 1] === lineFeed;
      if (!isPair) lines += 1;
    }
    return lines;
  }
}
