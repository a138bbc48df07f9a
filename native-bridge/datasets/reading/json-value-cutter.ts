import type { CutRecord } from '#core/foundry/record-source.ts';
import { badRecord, SkippedRecord, tooLong, type CutContext, type Problem, type RecordCutter } from './cut-context.ts';
import type { SpanReader } from './json-line-cutter.ts';
import { JsonValueScan } from './json-value-scan.ts';
import type { RecordWindow } from './record-window.ts';

const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A line further in than this begins no value. */
const widestIndent = 65_536;

const brokenString: Problem = { reason: 'BAD_JSON', message: 'a string in it is not closed before the line ends' };

/** How the end of a record that is dropped is found: by its last bracket, or where a line begins with a brace like a value. */
type SkipKind = 'to-value-end' | 'to-brace-line';

/**
 * Cuts the values of a JSON array, or JSON values written one after another over several lines. A string with a line end in it costs its record: cutting
 * goes on with the next line that begins with a brace no further right than this record's line did.
 */
export class JsonValueCutter implements RecordCutter {
  /** Inside an array of records; told anew after a restart. */
  inArray: boolean;
  private readonly context: CutContext;
  private readonly read: SpanReader;
  private readonly scan = new JsonValueScan();
  private skipped: { record: SkippedRecord; kind: SkipKind } | undefined;
  /** Signs between the last line end or value and `window.start`. */
  private indent = 0;
  private recordIndent = 0;

  constructor(context: CutContext, read: SpanReader, inArray: boolean) {
    this.context = context;
    this.read = read;
    this.inArray = inArray;
  }

  isSkipping(): boolean {
    return this.skipped !== undefined;
  }

  next(window: RecordWindow): CutRecord | undefined {
    if (this.skipped !== undefined) return this.goOn(window);
    if (!this.passSeparators(window)) return undefined;
    this.recordIndent = this.indent;
    this.scan.begin();
    const limit = Math.min(window.end, window.start + this.context.maximumRecordBytes + 1);
    const end = this.scan.find(window.bytes, window.start, limit);
    if (end !== -1 && this.scan.isBroken) return this.skip(window, brokenString, 'to-brace-line');
    if (end === -1 && limit < window.end) return this.skip(window, tooLong(this.context), 'to-value-end');
    if (end === -1 && !window.atEnd) return undefined;
    return this.take(window, end === -1 ? window.end : end, end === -1);
  }

  private take(window: RecordWindow, end: number, isLast: boolean): CutRecord {
    const span = { from: window.start, to: end };
    const isTooLong = end - window.start > this.context.maximumRecordBytes;
    const record = isTooLong ? badRecord(window, span, tooLong(this.context)) : this.read(window, span, isLast);
    window.advance(end, window.countLines(span.from, end));
    this.indent = 0;
    return record;
  }

  /** Steps over what stands between two values; true when a value begins at `window.start`. */
  private passSeparators(window: RecordWindow): boolean {
    for (let position = window.start; position < window.end; position += 1) {
      const byte = window.bytes[position] ?? 0;
      if (byte === lineFeed || byte === carriageReturn) this.indent = 0;
      else if (byte <= 32) this.indent += 1;
      else if (byte === openBracket && !this.inArray) this.inArray = true;
      else if (byte === closeBracket) this.inArray = false;
      else if (byte !== comma) {
        window.advance(position, window.countLines(window.start, position));
        if (!window.passMark()) return false;
        if (window.start === position) return true;
        position = window.start - 1;
      }
    }
    const heldBack = window.end > window.start && window.bytes[window.end - 1] === carriageReturn && !window.atEnd;
    const to = heldBack ? window.end - 1 : window.end;
    window.advance(to, window.countLines(window.start, to));
    return false;
  }

  private skip(window: RecordWindow, problem: Problem, kind: SkipKind): CutRecord | undefined {
    this.skipped = { record: new SkippedRecord(window, problem), kind };
    if (kind === 'to-value-end') this.scan.begin();
    return this.goOn(window);
  }

  private goOn(window: RecordWindow): CutRecord | undefined {
    if (this.skipped === undefined) return undefined;
    const { record, kind } = this.skipped;
    const end = kind === 'to-value-end' ? this.valueEnd(window) : this.braceLine(window);
    if (end === -1 && !window.atEnd) {
      record.consume(window, this.scan.resume);
      return undefined;
    }
    record.consume(window, end === -1 ? window.end : end);
    this.skipped = undefined;
    this.indent = 0;
    return record.finish();
  }

  private valueEnd(window: RecordWindow): number {
    const end = this.scan.find(window.bytes, window.start, window.end);
    if (end === -1 && window.bytes[this.scan.resume - 1] === carriageReturn && this.scan.resume > window.start + 1)
      this.scan.resume -= 1;
    return end;
  }

  /** The line end in front of the next line that begins with a brace; -1 with `resume` at the last line end looked at. */
  private braceLine(window: RecordWindow): number {
    const { bytes } = window;
    for (let line = window.lineEnd(window.start); line !== -1; line = window.lineEnd(line + 1)) {
      let position = line + 1;
      const far = Math.min(window.end, line + 1 + widestIndent);
      while (position < far && (bytes[position] === 32 || bytes[position] === 9)) position += 1;
      if (position === window.end) {
        this.scan.resume = line;
        return -1;
      }
      if (bytes[position] === openBrace && position - line - 1 <= this.recordIndent) return line;
    }
    this.scan.resume = window.end;
    return -1;
  }
}
