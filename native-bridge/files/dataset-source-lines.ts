import {
  type BadRecord,
  excerptOf,
  isBlank,
  type RawRecord,
  type RecordLimits,
  type RecordSplitter,
  tooLong,
} from './dataset-source-text.ts';

const lineFeed = 10;
const carriageReturn = 13;

/** Collects the pieces of one record; a record over the limit is dropped piece by piece and becomes a TOO_LONG rejection. */
interface RecordBuffer {
  keep(bytes: Buffer, line: number): void;
  isEmpty(): boolean;
  /** The record, or its rejection; empties the buffer. */
  take(line: number): RawRecord;
}

function createRecordBuffer(limits: RecordLimits): RecordBuffer {
  let [parts, partBytes]: [Buffer[], number] = [[], 0];
  let overlong: BadRecord | undefined;
  return {
    keep(bytes, line) {
      if (overlong !== undefined || bytes.length === 0) return;
      parts.push(bytes);
      partBytes += bytes.length;
      if (partBytes <= limits.maximumRecordBytes) return;
      overlong = tooLong(line, parts[0] ?? bytes, limits);
      parts = [];
    },
    isEmpty: () => parts.length === 0 && overlong === undefined,
    take(line) {
      const record = overlong ?? { line, bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts) };
      [parts, partBytes, overlong] = [[], 0, undefined];
      return record;
    },
  };
}

/** Place of the next LF or CR at or after `start`; -1 when there is none. */
function nextLineEnd(chunk: Buffer, start: number): number {
  const feed = chunk.indexOf(lineFeed, start);
  const back = chunk.subarray(start, feed === -1 ? chunk.length : feed).indexOf(carriageReturn);
  return back === -1 ? feed : start + back;
}

/** Lines ended by LF, CRLF or CR; blank ones are left out but counted. For JSONL. */
export function createLineSplitter(limits: RecordLimits): RecordSplitter {
  const buffer = createRecordBuffer(limits);
  let line = 1;
  let skipLineFeed = false;

  function takeLine(): RawRecord[] {
    const record = buffer.take(line);
    line += 1;
    return 'bytes' in record && isBlank(record.bytes) ? [] : [record];
  }

  return {
    push(chunk) {
      const records: RawRecord[] = [];
      let start = skipLineFeed && chunk[0] === lineFeed ? 1 : 0;
      if (chunk.length > 0) skipLineFeed = false;
      for (let end = nextLineEnd(chunk, start); end !== -1; end = nextLineEnd(chunk, start)) {
        buffer.keep(chunk.subarray(start, end), line);
        records.push(...takeLine());
        const pair = chunk[end] === carriageReturn && chunk[end + 1] === lineFeed;
        skipLineFeed = chunk[end] === carriageReturn && end + 1 === chunk.length;
        start = end + (pair ? 2 : 1);
      }
      buffer.keep(chunk.subarray(start), line);
      return records;
    },
    end: () => (buffer.isEmpty() ? [] : takeLine()),
  };
}

/** Where a byte stands: outside of values, in the middle of one, on its last byte, or right behind one that had no closing sign. */
type ValuePlace = 'outside' | 'first' | 'inside' | 'last' | 'behind';

/** Follows JSON values byte by byte: strings, escapes and depth, nothing else. */
function createValueScanner(): { step(byte: number): ValuePlace; isOpen(): boolean } {
  let [inside, inString, escaped, arrayOpened, depth] = [false, false, false, false, 0];

  function stepString(byte: number): ValuePlace {
    if (escaped) escaped = false;
    else if (byte === 0x5c) escaped = true;
    else if (byte === 0x22) inString = false;
    return !inString && depth === 0 ? 'last' : 'inside';
  }

  function stepValue(byte: number): ValuePlace {
    if (inString) return stepString(byte);
    if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return 'behind';
      depth -= 1;
      return depth === 0 ? 'last' : 'inside';
    } else if (depth === 0 && (byte === 0x2c || byte <= 32)) return 'behind';
    return 'inside';
  }

  return {
    step(byte) {
      const starts = !inside;
      if (starts && byte === 0x5b && !arrayOpened) {
        arrayOpened = true;
        return 'outside';
      }
      if (starts && (byte <= 32 || byte === 0x2c || byte === 0x5d)) return 'outside';
      const place = stepValue(byte);
      inside = place === 'inside';
      return starts && inside ? 'first' : place;
    },
    isOpen: () => inString || depth > 0,
  };
}

/**
 * The values of a JSON array, or of JSON values written one after another over several lines. A value that is never closed is
 * rejected as TRUNCATED; one that is too long is skipped to its end without being kept.
 */
export function createJsonValueSplitter(limits: RecordLimits): RecordSplitter {
  const buffer = createRecordBuffer(limits);
  const scanner = createValueScanner();
  let [line, startLine] = [1, 1];
  let inside = false;
  return {
    push(chunk) {
      const records: RawRecord[] = [];
      let start = 0;
      for (let position = 0; position < chunk.length; position += 1) {
        const byte = chunk[position] ?? 0;
        const place = scanner.step(byte);
        if (!inside && place !== 'outside') [inside, startLine, start] = [true, line, position];
        if (place === 'last' || place === 'behind') {
          buffer.keep(chunk.subarray(start, place === 'last' ? position + 1 : position), startLine);
          if (!buffer.isEmpty()) records.push(buffer.take(startLine));
          inside = false;
        }
        if (byte === lineFeed) line += 1;
      }
      if (inside) buffer.keep(chunk.subarray(start), startLine);
      return records;
    },
    end() {
      if (!inside) return [];
      const record = buffer.take(startLine);
      if (!scanner.isOpen() || 'reason' in record) return [record];
      const message = 'the file ends in the middle of it';
      return [{ line: startLine, reason: 'TRUNCATED', message, excerpt: excerptOf(record.bytes) }];
    },
  };
}
