const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;
const point = 0x2e;

/** JSON numbers with fewer digits fit into a double (2^53 has 16). */
const longDigits = 16;
/** Strings longer than this are searched for their end by the platform's memory search, which beats a loop only over a distance. */
const shortString = 24;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** True when an odd number of backslashes stands before `position`. */
function isEscaped(bytes: Uint8Array, position: number, from: number): boolean {
  let before = position - 1;
  while (before >= from && bytes[before] === backslash) before -= 1;
  return (position - 1 - before) % 2 === 1;
}

/** Goes over one record without building anything: depth, keys, long numbers. Whether it is JSON at all is left to the parser. */
export class JsonScan {
  depth = 0;
  deepest = 0;
  /** Colons outside strings: as many as there are keys. */
  colons = 0;
  /** A run of 16 digits or more outside a fraction: an integer that a double may not hold. */
  hasLongInteger = false;
  hasExponent = false;
  /** The record ends in the middle of a string. */
  inString = false;

  scan(bytes: Buffer, from: number, to: number): void {
    this.depth = 0;
    this.deepest = 0;
    this.colons = 0;
    this.hasLongInteger = false;
    this.hasExponent = false;
    this.inString = false;
    let position = from;
    while (position < to) {
      const byte = bytes[position] ?? 0;
      if (byte === quote) {
        position = this.behindString(bytes, position + 1, to);
        continue;
      }
      position = byte >= 0x30 ? this.step(bytes, position, byte) : position + 1;
    }
  }

  private behindString(bytes: Buffer, from: number, to: number): number {
    const near = Math.min(to, from + shortString);
    let position = from;
    while (position < near && bytes[position] !== quote) position += 1;
    if (position === near) position = bytes.indexOf(quote, position);
    while (position !== -1 && position < to && isEscaped(bytes, position, from))
      position = bytes.indexOf(quote, position + 1);
    if (position !== -1 && position < to) return position + 1;
    this.inString = true;
    return to;
  }

  private step(bytes: Buffer, position: number, byte: number): number {
    if (byte === colon) this.colons += 1;
    else if (byte === openBrace || byte === openBracket) {
      this.depth += 1;
      if (this.depth > this.deepest) this.deepest = this.depth;
    } else if (byte === closeBrace || byte === closeBracket) this.depth -= 1;
    else if (isDigit(byte)) return this.behindDigits(bytes, position);
    return position + 1;
  }

  private behindDigits(bytes: Buffer, from: number): number {
    let position = from + 1;
    while (isDigit(bytes[position])) position += 1;
    if (position - from >= longDigits && bytes[from - 1] !== point) this.hasLongInteger = true;
    if (bytes[position] === 0x65 || bytes[position] === 0x45) this.hasExponent = true;
    return position;
  }
}
