import type { CutRecord } from '#core/foundry/record-source.ts';
import { badRecord, isBlank, tooLong, type CutContext, type Problem, type RecordCutter } from './cut-context.ts';
import { CsvScan, escapedField } from './csv-scan.ts';
import { createLineSkipper } from './line-skipper.ts';
import { badEncoding, decodeText, readableRecord, type ReadableRecord } from './readable-record.ts';
import type { RecordWindow } from './record-window.ts';

/** More columns are refused: no table of examples has them, and a mistaken file could fill the memory with them. */
export const maximumColumns = 10_000;

export interface CsvDialect {
  readonly delimiter: string;
  /** Fields every record must have; absent while that is being found out. */
  readonly columns?: number;
}

const quoteProblems: Record<'BAD_QUOTE' | 'UNCLOSED_QUOTE', Problem> = {
  BAD_QUOTE: {
    reason: 'BAD_QUOTE',
    message: 'there is text behind the closing quote of a field (a quote inside a field must be doubled)',
  },
  UNCLOSED_QUOTE: { reason: 'UNCLOSED_QUOTE', message: 'a quote is opened and not closed' },
};

/** D-4: which of the two ragged kinds a record is; undefined when it has as many fields as it must. */
function raggedProblem(count: number, columns: number): Problem | undefined {
  if (count === columns) return undefined;
  return {
    reason: count < columns ? 'RAGGED_SHORT' : 'RAGGED_LONG',
    message: `it has ${count} ${count === 1 ? 'field' : 'fields'}, the header has ${columns}`,
  };
}

/** The cells of a scanned record. One call decodes a record of ASCII, which is told by its length: places in it are then those of its bytes. */
function cellsOf(record: ReadableRecord, scan: CsvScan): string[] {
  const { fields } = scan;
  const text = decodeText(record, record.from, record.to);
  const isAscii = text.length === record.to - record.from;
  const count = Math.min(scan.count, scan.maximumFields);
  const cells: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const [from, to] = [fields[index * 3] ?? 0, fields[index * 3 + 1] ?? 0];
    const cell = isAscii ? text.slice(from - record.from, to - record.from) : decodeText(record, from, to);
    cells.push(fields[index * 3 + 2] === escapedField ? cell.replaceAll('""', '"') : cell);
  }
  return cells;
}

/** Scans a record again that had to be decoded first; undefined when it is no single record then. */
function scanDecoded(record: ReadableRecord, delimiter: string, maximumFields: number): CsvScan | undefined {
  const scan = new CsvScan(delimiter, maximumFields);
  scan.use(record.bytes, record.to);
  [scan.limit, scan.atEnd] = [record.to, true];
  return scan.scan(record.bytes, record.from) === 'complete' && scan.next === record.to ? scan : undefined;
}

function cutComplete(window: RecordWindow, scan: CsvScan, settings: CsvDialect & CutContext): CutRecord {
  const span = { from: window.start, to: scan.end };
  const { columns, delimiter } = settings;
  const record = readableRecord(window, span, settings);
  if (record === undefined) return badRecord(window, span, badEncoding);
  const scanned = record.bytes === window.bytes ? scan : scanDecoded(record, delimiter, scan.maximumFields);
  if (scanned === undefined) return badRecord(window, span, quoteProblems.BAD_QUOTE);
  const ragged = columns === undefined ? undefined : raggedProblem(scanned.count, columns);
  if (ragged !== undefined) return badRecord(window, span, ragged);
  const byteOffset = window.offsetOf(span.from);
  const byteLength = window.lengthOf(span.from, span.to);
  const fields = cellsOf(record, scanned);
  return { kind: 'fields', line: window.line, byteOffset, byteLength, flags: record.flags, fields };
}

/** Steps over empty lines; false when the window ends in the middle of one. */
function passEmptyLines(window: RecordWindow): boolean {
  for (;;) {
    if (!window.passMark()) return false;
    const byte = window.bytes[window.start];
    if (window.start === window.end || (byte !== 10 && byte !== 13)) return true;
    const next = window.behindLineEnd(window.start);
    if (next === -1) return false;
    window.advance(next, 1);
  }
}

/**
 * Cuts CSV, quotes respected. A record with a wrong quote, or with one that is not closed within 1 MiB or before the file ends, costs its first line only:
 * cutting goes on with the line behind it (D-4).
 */
export function createCsvCutter(dialect: CsvDialect, context: CutContext): RecordCutter {
  const settings = { ...dialect, ...context };
  const scan = new CsvScan(dialect.delimiter, dialect.columns ?? maximumColumns);
  const skipper = createLineSkipper();
  let generation = -1;

  /** The record at `window.start`, null for a line of spaces, undefined when it is not complete. */
  function cut(window: RecordWindow): CutRecord | null | undefined {
    const longest = context.maximumRecordBytes;
    if (window.generation !== generation) scan.use(window.bytes, window.end, window.ends);
    generation = window.generation;
    // Two more for the line end. Looking no further makes the outcome independent of how much happens to be in memory.
    scan.limit = Math.min(window.end, window.start + longest + 2);
    const isLimited = scan.limit < window.end || !window.atEnd;
    scan.atEnd = !isLimited;
    const outcome = scan.scan(window.bytes, window.start);
    const { end, next, lines } = scan;
    if (outcome === 'complete' && end - window.start <= longest) {
      const blank = scan.count === 1 && isBlank(window.bytes, window.start, end);
      const record = blank ? null : cutComplete(window, scan, settings);
      window.advance(next, lines + (next > end ? 1 : 0));
      return record;
    }
    if (outcome === 'BAD_QUOTE' || outcome === 'UNCLOSED_QUOTE')
      return skipper.begin(window, quoteProblems[outcome], 0);
    if (outcome === 'complete' || scan.limit === window.start + longest + 2)
      return skipper.begin(window, tooLong(context), longest);
    return undefined;
  }

  return {
    isSkipping: () => skipper.isActive(),
    next(window) {
      if (skipper.isActive()) return skipper.goOn(window);
      for (;;) {
        if (!passEmptyLines(window) || window.start === window.end) return undefined;
        const record = cut(window);
        if (record !== null) return record;
      }
    },
  };
}
