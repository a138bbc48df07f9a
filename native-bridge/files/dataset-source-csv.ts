import { CsvError, parse } from 'csv-parse/sync';
import type { RejectReason, RowFlag } from '#contract/datasets.ts';
import type { SourceRecord } from '#core/datasets/dataset-source.ts';
import {
  type BadRecord,
  type createRecordDecoder,
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

function countLines(bytes: Buffer): number {
  let [feeds, returns] = [0, 0];
  for (const byte of bytes) {
    if (byte === lineFeed) feeds += 1;
    if (byte === carriageReturn) returns += 1;
  }
  return feeds === 0 ? returns : feeds;
}

/**
 * Cuts CSV into records, quotes respected (RFC 4180, any one-byte separator, LF, CRLF or CR). A record with a wrong quote, or one that
 * is never closed, costs its first line only: cutting goes on with the line after it.
 */
export function createCsvSplitter(delimiter: string, limits: RecordLimits): RecordSplitter {
  const separator = delimiter.charCodeAt(0);
  let buffer: Buffer = Buffer.alloc(0);
  let [position, line]: [number, number] = [0, 1];
  let state: State = 'field-start';
  let skipped: BadRecord | undefined;
  let records: RawRecord[] = [];

  /** Ends the record before `position`, which stands on a line end; moves behind that line end. */
  function endRecord(): void {
    const bytes = buffer.subarray(0, position);
    if (skipped !== undefined) records.push(skipped);
    else if (!isBlank(bytes)) records.push({ line, bytes });
    line += countLines(bytes) + 1;
    const width = buffer[position] === carriageReturn && buffer[position + 1] === lineFeed ? 2 : 1;
    buffer = buffer.subarray(position + width);
    [position, state, skipped] = [0, 'field-start', undefined];
  }

  function skipFirstLine(rejected: BadRecord): void {
    [skipped, state, position] = [rejected, 'skip', 0];
  }

  function reject(reason: RejectReason, message: string): void {
    skipFirstLine({ line, reason, message, excerpt: excerptOf(buffer) });
  }

  function step(byte: number): void {
    const isSpace = (byte === 32 || byte === 9) && byte !== separator;
    if (state === 'quoted') {
      if (byte === quote) state = 'after-quote';
    } else if (byte === separator && state !== 'skip') state = 'field-start';
    else if (state === 'after-quote') {
      if (byte === quote) state = 'quoted';
      else if (!isSpace) {
        reject('BAD_QUOTE', 'there is text after the closing quote of a field');
        return;
      }
    } else if (state === 'field-start' && !isSpace) state = byte === quote ? 'quoted' : 'plain';
    position += 1;
  }

  function scan(atEnd: boolean): void {
    while (position < buffer.length) {
      const byte = buffer[position] ?? 0;
      if (state !== 'quoted' && (byte === lineFeed || byte === carriageReturn)) {
        if (byte === carriageReturn && position + 1 === buffer.length && !atEnd) return;
        endRecord();
      } else step(byte);
      if (state === 'quoted' && position > maximumQuotedBytes) reject('UNCLOSED_QUOTE', 'a quote is opened and not closed');
      if (state !== 'skip' && position > limits.maximumRecordBytes) skipFirstLine(tooLong(line, buffer, limits));
    }
    if (state === 'skip' && skipped !== undefined) [buffer, position] = [Buffer.alloc(0), 0];
  }

  function drain(): RawRecord[] {
    const ready = records;
    records = [];
    return ready;
  }

  return {
    push(chunk) {
      buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
      scan(false);
      return drain();
    },
    end() {
      scan(true);
      while (state === 'quoted') {
        reject('UNCLOSED_QUOTE', 'a quote is opened and not closed before the file ends');
        scan(true);
      }
      if (skipped !== undefined) records.push(skipped);
      else if (!isBlank(buffer)) records.push({ line, bytes: buffer });
      return drain();
    },
  };
}

/** Fields of well-cut records. csv-parse judges the quotes; a record with another number of fields is passed on for the reader to reject. */
function parseFields(text: string, delimiter: string): string[][] {
  return parse(text, {
    delimiter,
    record_delimiter: ['\n'],
    relax_column_count: true,
    skip_empty_lines: false,
    trim: true,
    max_record_size: 0,
  });
}

interface DecodedCsvRecord {
  readonly line: number;
  readonly text: string;
  readonly flags: readonly RowFlag[];
}

function fieldsRecord(record: DecodedCsvRecord, fields: readonly string[]): SourceRecord {
  return { kind: 'fields', line: record.line, fields, flags: record.flags };
}

function parseOne(record: DecodedCsvRecord, delimiter: string): SourceRecord {
  try {
    const rows = parseFields(record.text, delimiter);
    if (rows.length === 1) return fieldsRecord(record, rows[0] ?? []);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  const message = 'its quotes are not as in CSV (a quote inside a field must be doubled and the field quoted)';
  return { kind: 'bad', line: record.line, reason: 'BAD_QUOTE', message, excerpt: record.text.slice(0, 200) };
}

function parseTogether(records: readonly DecodedCsvRecord[], delimiter: string): SourceRecord[] | undefined {
  try {
    const rows = parseFields(records.map((record) => record.text).join('\n'), delimiter);
    if (rows.length !== records.length) return undefined;
    return records.map((record, index) => fieldsRecord(record, rows[index] ?? []));
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** Parses records together, which is fast, and one by one where that does not work out, so one bad record costs one record. */
export function createCsvParser(
  delimiter: string,
  decode: ReturnType<typeof createRecordDecoder>,
): (records: readonly RawRecord[]) => SourceRecord[] {
  return (records) => {
    const bad: SourceRecord[] = [];
    const good: DecodedCsvRecord[] = [];
    for (const record of records) {
      if ('reason' in record) bad.push({ kind: 'bad', ...record });
      else {
        const decoded = decode(record);
        if (decoded.ok) good.push({ line: record.line, text: decoded.text, flags: decoded.flags });
        else bad.push({ kind: 'bad', ...decoded.rejected });
      }
    }
    const parsed = parseTogether(good, delimiter) ?? good.map((record) => parseOne(record, delimiter));
    return bad.length === 0 ? parsed : [...parsed, ...bad].toSorted((a, b) => a.line - b.line);
  };
}
