import { ByteFinder, LineEnds } from './byte-finder.ts';

const quote = 0x22;
const space = 0x20;
const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** D-4: a quoted field is given up when it has no closing quote within so many bytes. */
export const maximumQuotedBytes = 1_048_576;

/** Fields longer than this are searched for their end by the platform's memory search, which beats a loop only over a distance. */
const shortField = 24;

/** How a field has to be read: as it stands, or with doubled quotes made single. */
export const plainField = 0;
export const escapedField = 1;

/** `more` needs bytes behind the window; the others end the record. */
export type CsvOutcome = 'complete' | 'more' | 'BAD_QUOTE' | 'UNCLOSED_QUOTE';

/** What the scan of one record found; one object is used for all records. */
export class CsvScan {
  /** Three numbers a field: from, to, `plainField` or `escapedField`. */
  readonly fields: Int32Array;
  /** Fields seen; those beyond `maximumFields` are counted, not noted. */
  count = 0;
  readonly maximumFields: number;
  readonly delimiter: number;
  /** Bytes may be looked at up to here. */
  limit = 0;
  /** Nothing comes behind `limit`. */
  atEnd = false;
  /** Position of the line end (or `limit`) and of the next record. */
  end = 0;
  next = 0;
  /** Line ends inside quotes. */
  lines = 0;
  private trouble: CsvOutcome = 'complete';
  private readonly delimiters: ByteFinder;
  private ends = new LineEnds();

  constructor(delimiter: string, maximumFields: number) {
    this.delimiter = delimiter.charCodeAt(0);
    this.maximumFields = maximumFields;
    this.fields = new Int32Array(maximumFields * 3);
    this.delimiters = new ByteFinder(this.delimiter);
  }

  /** Says which bytes are scanned from now on: `end` of them, whose line ends may be known already. */
  use(bytes: Buffer, end: number, ends?: LineEnds): void {
    this.delimiters.use(bytes, end);
    if (ends === undefined) this.ends.use(bytes, end);
    else this.ends = ends;
  }

  /**
   * One record from `from` on, RFC 4180 with what spreadsheets make of it: any one-byte separator, LF, CRLF or CR, spaces around a quoted field, and a
   * quote in the middle of an unquoted field is an ordinary character.
   */
  scan(bytes: Buffer, from: number): CsvOutcome {
    this.count = 0;
    this.lines = 0;
    let position = from;
    for (;;) {
      const opening = this.openingQuote(bytes, position);
      position = opening === -1 ? this.plain(bytes, position) : this.quoted(bytes, opening);
      if (position === -1) return this.trouble;
      if (position === this.limit) return this.endOfText();
      if (bytes[position] !== this.delimiter) return this.endOfLine(bytes, position);
      position += 1;
    }
  }

  private endOfText(): CsvOutcome {
    this.end = this.limit;
    this.next = this.limit;
    return this.atEnd ? 'complete' : 'more';
  }

  private endOfLine(bytes: Buffer, position: number): CsvOutcome {
    this.end = position;
    this.next = position + 1;
    if (bytes[position] !== carriageReturn) return 'complete';
    if (this.next === this.limit) return this.atEnd ? 'complete' : 'more';
    if (bytes[this.next] === lineFeed) this.next += 1;
    return 'complete';
  }

  private openingQuote(bytes: Buffer, from: number): number {
    let position = from;
    while (position < this.limit && this.isPadding(bytes[position] ?? 0)) position += 1;
    return position < this.limit && bytes[position] === quote ? position : -1;
  }

  private isPadding(byte: number): boolean {
    return byte === space || (byte === tab && this.delimiter !== tab);
  }

  private plain(bytes: Buffer, from: number): number {
    const { limit, delimiter } = this;
    const near = Math.min(limit, from + shortField);
    let position = from;
    while (position < near) {
      const byte = bytes[position];
      if (byte === delimiter || byte === lineFeed || byte === carriageReturn) break;
      position += 1;
    }
    if (position === near && near < limit)
      position = Math.min(limit, this.delimiters.next(position), this.ends.next(position));
    this.note(from, position, plainField);
    return position;
  }

  private quoted(bytes: Buffer, opening: number): number {
    const limit = Math.min(this.limit, opening + 1 + maximumQuotedBytes);
    let position = opening + 1;
    let form = plainField;
    for (;;) {
      position = this.nextQuote(bytes, position, limit);
      if (position === limit) return this.fail(limit === this.limit && !this.atEnd ? 'more' : 'UNCLOSED_QUOTE');
      if (position + 1 === this.limit && !this.atEnd) return this.fail('more');
      if (position + 1 >= this.limit || bytes[position + 1] !== quote) break;
      form = escapedField;
      position += 2;
      if (position > limit) return this.fail('UNCLOSED_QUOTE');
    }
    this.note(opening + 1, position, form);
    this.lines += this.ends.count(opening + 1, position);
    return this.behindQuote(bytes, position + 1);
  }

  private nextQuote(bytes: Buffer, from: number, limit: number): number {
    const near = Math.min(limit, from + shortField);
    let position = from;
    while (position < near && bytes[position] !== quote) position += 1;
    if (position < near) return position;
    const found = bytes.indexOf(quote, position);
    return found === -1 || found > limit ? limit : found;
  }

  private behindQuote(bytes: Buffer, from: number): number {
    let position = from;
    while (position < this.limit && this.isPadding(bytes[position] ?? 0)) position += 1;
    if (position === this.limit) return position;
    const byte = bytes[position];
    if (byte === this.delimiter || byte === lineFeed || byte === carriageReturn) return position;
    // A quote that closes on another line was most likely never meant to: the record in between begins a field with the next one's quote.
    return this.fail(this.lines > 0 ? 'UNCLOSED_QUOTE' : 'BAD_QUOTE');
  }

  private note(from: number, to: number, form: number): void {
    if (this.count < this.maximumFields) {
      const at = this.count * 3;
      this.fields[at] = from;
      this.fields[at + 1] = to;
      this.fields[at + 2] = form;
    }
    this.count += 1;
  }

  private fail(outcome: CsvOutcome): -1 {
    this.trouble = outcome;
    return -1;
  }
}
