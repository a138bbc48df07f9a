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

/** Lines ended by LF, CRLF or CR; blank ones are left out but counted. For JSONL. */
export function createLineSplitter(limits: RecordLimits): RecordSplitter {
  let [line, parts, partBytes]: [number, Buffer[], number] = [1, [], 0];
  let overlong: BadRecord | undefined;
  let skipLineFeed = false;

  function take(bytes: Buffer): RawRecord[] {
    const rejected = overlong;
    const at = line;
    [line, parts, partBytes, overlong] = [line + 1, [], 0, undefined];
    if (rejected !== undefined) return [rejected];
    return isBlank(bytes) ? [] : [{ line: at, bytes }];
  }

  function keep(bytes: Buffer): void {
    if (overlong !== undefined || bytes.length === 0) return;
    parts.push(bytes);
    partBytes += bytes.length;
    if (partBytes <= limits.maximumRecordBytes) return;
    overlong = tooLong(line, parts[0] ?? bytes, limits);
    parts = [];
  }

  function nextEnd(chunk: Buffer, start: number): number {
    const feed = chunk.indexOf(lineFeed, start);
    const back = chunk.subarray(start, feed === -1 ? chunk.length : feed).indexOf(carriageReturn);
    return back === -1 ? feed : start + back;
  }

  return {
    push(chunk) {
      const records: RawRecord[] = [];
      let start = 0;
      if (skipLineFeed && chunk[0] === lineFeed) start = 1;
      if (chunk.length > 0) skipLineFeed = false;
      for (let end = nextEnd(chunk, start); end !== -1; end = nextEnd(chunk, start)) {
        keep(chunk.subarray(start, end));
        records.push(...take(parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts)));
        const pair = chunk[end] === carriageReturn && chunk[end + 1] === lineFeed;
        skipLineFeed = chunk[end] === carriageReturn && end + 1 === chunk.length;
        start = end + (pair ? 2 : 1);
      }
      keep(chunk.subarray(start));
      return records;
    },
    end: () => (parts.length === 0 && overlong === undefined ? [] : take(Buffer.concat(parts))),
  };
}

/**
 * The values of a JSON array, or of JSON values written one after another over several lines. A value that is never closed is
 * rejected as TRUNCATED; one that is too long is skipped to its end without being kept.
 */
export function createJsonValueSplitter(limits: RecordLimits): RecordSplitter {
  let line = 1;
  let [startLine, depth]: [number, number] = [1, 0];
  let [inside, inString, escaped, opened] = [false, false, false, false];
  let [parts, partBytes]: [Buffer[], number] = [[], 0];
  let overlong: BadRecord | undefined;

  function keep(bytes: Buffer): void {
    if (overlong !== undefined) return;
    parts.push(bytes);
    partBytes += bytes.length;
    if (partBytes <= limits.maximumRecordBytes) return;
    overlong = tooLong(startLine, parts[0] ?? bytes, limits);
    parts = [];
  }

  function finish(): RawRecord {
    const record = overlong ?? { line: startLine, bytes: Buffer.concat(parts) };
    [inside, inString, escaped, depth, parts, partBytes, overlong] = [false, false, false, 0, [], 0, undefined];
    return record;
  }

  /** Moves over one byte outside a value; true when a value starts with it. */
  function startsValue(byte: number): boolean {
    if (byte === 0x5b && !opened) {
      opened = true;
      return false;
    }
    return byte > 32 && byte !== 0x2c && byte !== 0x5d;
  }

  /** Moves over one byte of a value: 'on', 'last' (it belongs to the value and ends it) or 'after' (it ended before). */
  function insideValue(byte: number): 'on' | 'last' | 'after' {
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === 0x5c) escaped = true;
      else if (byte === 0x22) inString = false;
      return !inString && depth === 0 ? 'last' : 'on';
    }
    if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return 'after';
      depth -= 1;
      return depth === 0 ? 'last' : 'on';
    } else if (depth === 0 && (byte === 0x2c || byte <= 32)) return 'after';
    return 'on';
  }

  return {
    push(chunk) {
      const records: RawRecord[] = [];
      let start = 0;
      for (let position = 0; position < chunk.length; position += 1) {
        const byte = chunk[position] ?? 0;
        if (!inside && startsValue(byte)) [inside, startLine, start] = [true, line, position];
        if (inside) {
          const move = insideValue(byte);
          if (move !== 'on') {
            keep(chunk.subarray(start, move === 'last' ? position + 1 : position));
            records.push(finish());
          }
        }
        if (byte === lineFeed) line += 1;
      }
      if (inside) keep(chunk.subarray(start));
      return records;
    },
    end() {
      if (!inside) return [];
      const open = inString || depth > 0;
      const record = finish();
      if (!open || 'reason' in record) return [record];
      const message = 'the file ends in the middle of it';
      return [{ line: record.line, reason: 'TRUNCATED', message, excerpt: excerptOf(record.bytes) }];
    },
  };
}
