import {
  type BadRecord,
  excerptOf,
  isBlank,
  type RawRecord,
  type RecordLimits,
  type RecordSplitter,
  tooLong,
} from './dataset-source-text.ts';

const quote = 0x22;
const lineFeed = 10;
const carriageReturn = 13;
/** A quoted field is given up when it has no closing quote within so many bytes. */
const maximumQuotedBytes = 1_048_576;

type State = 'field-start' | 'plain' | 'quoted' | 'after-quote' | 'skip';

/** Where the cutting stands. `buffer` begins with the record that is being read, `position` is the next byte of it. */
interface Cutting {
  readonly separator: number;
  readonly limits: RecordLimits;
  buffer: Buffer;
  position: number;
  line: number;
  state: State;
  /** In state `skip`: what the line being skipped is rejected as. */
  skipped: BadRecord | undefined;
  records: RawRecord[];
}

function countLines(bytes: Buffer): number {
  let [feeds, returns] = [0, 0];
  for (const byte of bytes) {
    if (byte === lineFeed) feeds += 1;
    if (byte === carriageReturn) returns += 1;
  }
  return feeds === 0 ? returns : feeds;
}

/** The state behind one byte that is no line end (line ends inside quotes included). */
function nextState(state: State, byte: number, separator: number): State | 'malformed' {
  if (state === 'skip') return 'skip';
  if (state === 'quoted') return byte === quote ? 'after-quote' : 'quoted';
  if (byte === separator) return 'field-start';
  const isSpace = byte === 32 || byte === 9;
  if (state === 'after-quote') return byte === quote ? 'quoted' : isSpace ? 'after-quote' : 'malformed';
  if (state === 'plain') return 'plain';
  return isSpace ? 'field-start' : byte === quote ? 'quoted' : 'plain';
}

/** Ends the record before `position`, which stands on a line end; moves behind that line end. */
function endRecord(cutting: Cutting): void {
  const { buffer, position, line, skipped } = cutting;
  const bytes = buffer.subarray(0, position);
  if (skipped !== undefined) cutting.records.push(skipped);
  else if (!isBlank(bytes)) cutting.records.push({ line, bytes });
  const width = buffer[position] === carriageReturn && buffer[position + 1] === lineFeed ? 2 : 1;
  cutting.line = line + countLines(bytes) + 1;
  cutting.buffer = buffer.subarray(position + width);
  cutting.position = 0;
  cutting.state = 'field-start';
  cutting.skipped = undefined;
}

/** Gives the record up: its first line will be rejected, cutting goes on behind that line. */
function skipFirstLine(cutting: Cutting, rejected: BadRecord): void {
  cutting.skipped = rejected;
  cutting.state = 'skip';
  cutting.position = 0;
}

function reject(cutting: Cutting, reason: 'BAD_QUOTE' | 'UNCLOSED_QUOTE', message: string): void {
  skipFirstLine(cutting, { line: cutting.line, reason, message, excerpt: excerptOf(cutting.buffer) });
}

function step(cutting: Cutting, byte: number): void {
  const next = nextState(cutting.state, byte, cutting.separator);
  if (next === 'malformed') {
    reject(cutting, 'BAD_QUOTE', 'there is text after the closing quote of a field');
    return;
  }
  cutting.state = next;
  cutting.position += 1;
  if (next === 'quoted' && cutting.position > maximumQuotedBytes) {
    reject(cutting, 'UNCLOSED_QUOTE', 'a quote is opened and not closed');
  } else if (next !== 'skip' && cutting.position > cutting.limits.maximumRecordBytes) {
    skipFirstLine(cutting, tooLong(cutting.line, cutting.buffer, cutting.limits));
  }
}

function scan(cutting: Cutting, atEnd: boolean): void {
  while (cutting.position < cutting.buffer.length) {
    const { buffer, position, state } = cutting;
    const byte = buffer[position] ?? 0;
    if (state !== 'quoted' && (byte === lineFeed || byte === carriageReturn)) {
      if (byte === carriageReturn && position + 1 === buffer.length && !atEnd) return;
      endRecord(cutting);
    } else step(cutting, byte);
  }
  if (cutting.state !== 'skip') return;
  cutting.buffer = Buffer.alloc(0);
  cutting.position = 0;
}

function takeRecords(cutting: Cutting): RawRecord[] {
  const { records } = cutting;
  cutting.records = [];
  return records;
}

/**
 * Cuts CSV into records, quotes respected (RFC 4180, any one-byte separator, LF, CRLF or CR). A record with a wrong quote, or one that
 * is never closed, costs its first line only: cutting goes on with the line after it.
 */
export function createCsvSplitter(delimiter: string, limits: RecordLimits): RecordSplitter {
  const cutting: Cutting = {
    separator: delimiter.charCodeAt(0),
    limits,
    buffer: Buffer.alloc(0),
    position: 0,
    line: 1,
    state: 'field-start',
    skipped: undefined,
    records: [],
  };
  return {
    push(chunk) {
      cutting.buffer = cutting.buffer.length === 0 ? chunk : Buffer.concat([cutting.buffer, chunk]);
      scan(cutting, false);
      return takeRecords(cutting);
    },
    end() {
      scan(cutting, true);
      while (cutting.state === 'quoted') {
        reject(cutting, 'UNCLOSED_QUOTE', 'a quote is opened and not closed before the file ends');
        scan(cutting, true);
      }
      if (cutting.skipped !== undefined) cutting.records.push(cutting.skipped);
      else if (!isBlank(cutting.buffer)) cutting.records.push({ line: cutting.line, bytes: cutting.buffer });
      return takeRecords(cutting);
    },
  };
}
