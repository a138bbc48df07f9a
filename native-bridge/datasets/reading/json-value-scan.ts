const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function opens(byte: number): boolean {
  return byte === 0x7b || byte === 0x5b;
}

function closes(byte: number): boolean {
  return byte === 0x7d || byte === 0x5d;
}

/** Finds the end of one JSON value over as many pieces as it comes in: strings, escapes and depth, nothing else. */
export class JsonValueScan {
  /** Where the next piece has to begin when `find` found no end: the last byte may be the first half of an escape. */
  resume = 0;
  /** A string holds a line end, which JSON forbids: a quote is missing, and what follows is not to be trusted. */
  isBroken = false;
  private depth = 0;
  private inString = false;
  private isBegun = false;

  begin(): void {
    this.depth = 0;
    this.inString = false;
    this.isBegun = false;
    this.isBroken = false;
  }

  /** The position behind the value; -1 when it goes on behind `to`. */
  find(bytes: Uint8Array, from: number, to: number): number {
    let position = from;
    while (position < to) {
      if (this.inString) {
        position = this.behindString(bytes, position, to);
        if (position === -1) return -1;
        this.inString = false;
        if (this.isBroken || this.depth === 0) return position;
        continue;
      }
      const byte = bytes[position] ?? 0;
      if (this.depth === 0 && this.isBegun && (byte <= 32 || byte === comma || closes(byte))) return position;
      this.isBegun = true;
      position += 1;
      if (byte === quote) this.inString = true;
      else if (opens(byte)) this.depth += 1;
      else if (closes(byte)) {
        if (this.depth <= 1) return position;
        this.depth -= 1;
      }
    }
    this.resume = to;
    return -1;
  }

  private behindString(bytes: Uint8Array, from: number, to: number): number {
    let position = from;
    for (; position < to; position += 1) {
      const byte = bytes[position] ?? 0;
      if (byte === quote) return position + 1;
      if (byte === lineFeed || byte === carriageReturn) {
        this.isBroken = true;
        return position;
      }
      if (byte !== backslash) continue;
      if (position + 1 === to) break;
      const next = bytes[position + 1];
      if (next !== lineFeed && next !== carriageReturn) position += 1;
    }
    this.resume = position;
    return -1;
  }
}
